package wengert.nn.optim;

import wengert.tensor.Tensor;

/// Adam (Kingma and Ba 2015), as PyTorch's, t counting this parameter's updates:
/// ```text
/// g ← g + weightDecay · p
/// m ← β1 · m + (1 − β1) · g          v ← β2 · v + (1 − β2) · g²
/// p ← p − lr / (1 − β1^t) · m / (√(v / (1 − β2^t)) + eps)
/// ```
/// With amsgrad the largest v so far stands in the root (Reddi et al. 2018). Keeps `exp_avg`, `exp_avg_sq`
/// and, with amsgrad, `max_exp_avg_sq`. For weight decay that is no part of the gradient see [AdamW].
///
/// ```java
/// var rule = Adam.of(2e-4).betas(0.5, 0.999);   // as in DCGAN
/// ```
///
/// @param lr          learning rate
/// @param beta1       decay of the first moment
/// @param beta2       decay of the second moment
/// @param eps         added to the root
/// @param weightDecay factor of the 2-norm penalty
/// @param amsgrad     whether second moments never shrink
public record Adam(double lr, double beta1, double beta2, double eps, double weightDecay, boolean amsgrad)
        implements UpdateRule {

    /// Checks the ranges.
    public Adam {
        UpdateRule.notNegative("Adam", "learning rate", lr);
        UpdateRule.belowOne("Adam", "beta1", beta1);
        UpdateRule.belowOne("Adam", "beta2", beta2);
        UpdateRule.notNegative("Adam", "eps", eps);
        UpdateRule.notNegative("Adam", "weight decay", weightDecay);
    }

    /// Betas 0.9 and 0.999, eps 1e-8.
    public static Adam of(double lr) {
        return new Adam(lr, 0.9, 0.999, 1e-8, 0, false);
    }

    /// The same with other decays.
    public Adam betas(double first, double second) {
        return new Adam(lr, first, second, eps, weightDecay, amsgrad);
    }

    /// The same with another eps.
    public Adam eps(double value) {
        return new Adam(lr, beta1, beta2, value, weightDecay, amsgrad);
    }

    /// The same with weight decay.
    public Adam weightDecay(double value) {
        return new Adam(lr, beta1, beta2, eps, value, amsgrad);
    }

    /// The same with or without amsgrad.
    public Adam amsgrad(boolean on) {
        return new Adam(lr, beta1, beta2, eps, weightDecay, on);
    }

    @Override
    public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
        moments(p, weightDecay == 0 ? g : p.mul(weightDecay).add(g), s, lrNow, by());
    }

    /// The update without weight decay. With c = √(1 − β2^t), `m / (√v / c + eps) = c · m / (√v + c · eps)`,
    /// which takes one pass less.
    void moments(Tensor p, Tensor g, ParameterState s, double lrNow, String who) {
        Tensor m = s.slot("exp_avg");
        Tensor v = s.slot("exp_avg_sq");
        m.inPlace(who).combine(beta1, 1 - beta1, g);
        v.inPlace(who).combine(beta2, 1 - beta2, g.square());
        if (amsgrad) {
            v = s.slot("max_exp_avg_sq").inPlace(who).max(v);
        }
        double c = correction(beta2, s);
        Tensor root = v.sqrt();
        root.inPlace(who).add(c * eps);
        p.inPlace(who).combine(1, rate(lrNow, beta1, c, s), m.div(root));
    }

    /// `√(1 − β2^t)`.
    static double correction(double beta2, ParameterState s) {
        return Math.sqrt(1 - Math.pow(beta2, s.count()));
    }

    /// Factor of `m / (√v + c · eps)`.
    static double rate(double lrNow, double beta1, double c, ParameterState s) {
        return -lrNow * c / (1 - Math.pow(beta1, s.count()));
    }
}
