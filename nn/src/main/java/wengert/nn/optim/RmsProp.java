package wengert.nn.optim;

import wengert.tensor.Tensor;

/// RMSProp (Tieleman and Hinton 2012), as PyTorch's:
/// ```text
/// g ← g + weightDecay · p
/// v ← α · v + (1 − α) · g²           centred: a ← α · a + (1 − α) · g, and v − a² (at least 0, whatever
///                                    rounding says) stands in the root
/// d = g / (√v + eps)
/// m ← momentum · m + d, d = m        where momentum is not 0
/// p ← p − lr · d
/// ```
/// Keeps `square_avg`, and `grad_avg` (centred) and `momentum_buffer` where used.
///
/// ```java
/// var rule = RmsProp.of(5e-5);   // as in WGAN
/// ```
///
/// @param lr          learning rate
/// @param alpha       decay of the mean of squares
/// @param eps         added to the root
/// @param weightDecay factor of the 2-norm penalty
/// @param momentum    share of the last update that goes on
/// @param centered    whether the variance of the gradient, not its mean square, is in the root
public record RmsProp(double lr, double alpha, double eps, double weightDecay, double momentum,
        boolean centered)
        implements UpdateRule {

    /// Checks the ranges.
    public RmsProp {
        UpdateRule.notNegative("RmsProp", "learning rate", lr);
        UpdateRule.belowOne("RmsProp", "alpha", alpha);
        UpdateRule.notNegative("RmsProp", "eps", eps);
        UpdateRule.notNegative("RmsProp", "weight decay", weightDecay);
        UpdateRule.notNegative("RmsProp", "momentum", momentum);
    }

    /// Alpha 0.99, eps 1e-8.
    public static RmsProp of(double lr) {
        return new RmsProp(lr, 0.99, 1e-8, 0, 0, false);
    }

    /// The same with another decay.
    public RmsProp alpha(double value) {
        return new RmsProp(lr, value, eps, weightDecay, momentum, centered);
    }

    /// The same with another eps.
    public RmsProp eps(double value) {
        return new RmsProp(lr, alpha, value, weightDecay, momentum, centered);
    }

    /// The same with weight decay.
    public RmsProp weightDecay(double value) {
        return new RmsProp(lr, alpha, eps, value, momentum, centered);
    }

    /// The same with momentum.
    public RmsProp momentum(double value) {
        return new RmsProp(lr, alpha, eps, weightDecay, value, centered);
    }

    /// The same, centred or not.
    public RmsProp centered(boolean on) {
        return new RmsProp(lr, alpha, eps, weightDecay, momentum, on);
    }

    @Override
    public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
        Tensor d = weightDecay == 0 ? g : p.mul(weightDecay).add(g);
        Tensor v = s.slot("square_avg");
        v.inPlace(by()).combine(alpha, 1 - alpha, d.square());
        if (centered) {
            Tensor a = s.slot("grad_avg");
            a.inPlace(by()).combine(alpha, 1 - alpha, d);
            v = v.sub(a.square()).inPlace(by()).clamp(0, Double.POSITIVE_INFINITY);
        }
        Tensor root = v.sqrt();
        root.inPlace(by()).add(eps);
        d = d.div(root);
        if (momentum != 0) {
            Tensor m = s.slot("momentum_buffer");
            m.inPlace(by()).combine(momentum, 1, d);
            d = m;
        }
        p.inPlace(by()).combine(1, -lrNow, d);
    }
}
