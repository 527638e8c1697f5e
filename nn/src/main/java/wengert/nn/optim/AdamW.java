package wengert.nn.optim;

import wengert.tensor.Tensor;

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019): first
/// `p ← p − lr · weightDecay · p`, then as [Adam] without weight decay. Keeps what [Adam] keeps.
///
/// ```java
/// var rule = AdamW.of(1e-3).weightDecay(0.05);
/// ```
///
/// @param lr          learning rate
/// @param beta1       decay of the first moment
/// @param beta2       decay of the second moment
/// @param eps         added to the root
/// @param weightDecay share that each update takes away, times lr
/// @param amsgrad     whether second moments never shrink
public record AdamW(double lr, double beta1, double beta2, double eps, double weightDecay, boolean amsgrad)
        implements UpdateRule {

    /// Checks the ranges.
    public AdamW {
        UpdateRule.notNegative("AdamW", "learning rate", lr);
        UpdateRule.belowOne("AdamW", "beta1", beta1);
        UpdateRule.belowOne("AdamW", "beta2", beta2);
        UpdateRule.notNegative("AdamW", "eps", eps);
        UpdateRule.notNegative("AdamW", "weight decay", weightDecay);
    }

    /// Betas 0.9 and 0.999, eps 1e-8, weight decay 0.01.
    public static AdamW of(double lr) {
        return new AdamW(lr, 0.9, 0.999, 1e-8, 0.01, false);
    }

    /// The same with other decays.
    public AdamW betas(double first, double second) {
        return new AdamW(lr, first, second, eps, weightDecay, amsgrad);
    }

    /// The same with another eps.
    public AdamW eps(double value) {
        return new AdamW(lr, beta1, beta2, value, weightDecay, amsgrad);
    }

    /// The same with another weight decay.
    public AdamW weightDecay(double value) {
        return new AdamW(lr, beta1, beta2, eps, value, amsgrad);
    }

    /// The same with or without amsgrad.
    public AdamW amsgrad(boolean on) {
        return new AdamW(lr, beta1, beta2, eps, weightDecay, on);
    }

    @Override
    public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
        if (weightDecay != 0) {
            p.inPlace(by()).mul(1 - lrNow * weightDecay);
        }
        new Adam(lr, beta1, beta2, eps, 0, amsgrad).moments(p, g, s, lrNow, by());
    }
}
