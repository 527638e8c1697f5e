package wengert.nn.optim;

import wengert.tensor.Tensor;

/// Adagrad (Duchi, Hazan and Singer 2011), as PyTorch's, t counting this parameter's updates:
/// `g ← g + weightDecay · p`, `v ← v + g²`, `p ← p − lr / (1 + (t − 1) · lrDecay) · g / (√v + eps)`. Keeps
/// `sum`, which starts at `initial`.
///
/// ```java
/// var rule = Adagrad.of(0.05);
/// ```
///
/// @param lr          learning rate
/// @param lrDecay     how fast it falls
/// @param weightDecay factor of the 2-norm penalty
/// @param initial     first value of the sum of squares
/// @param eps         added to the root
public record Adagrad(double lr, double lrDecay, double weightDecay, double initial, double eps)
        implements UpdateRule {

    /// Checks the ranges.
    public Adagrad {
        UpdateRule.notNegative("Adagrad", "learning rate", lr);
        UpdateRule.notNegative("Adagrad", "learning rate decay", lrDecay);
        UpdateRule.notNegative("Adagrad", "weight decay", weightDecay);
        UpdateRule.notNegative("Adagrad", "initial sum", initial);
        UpdateRule.notNegative("Adagrad", "eps", eps);
    }

    /// No decay, the sum starts at 0, eps 1e-10.
    public static Adagrad of(double lr) {
        return new Adagrad(lr, 0, 0, 0, 1e-10);
    }

    /// The same with a falling learning rate.
    public Adagrad lrDecay(double value) {
        return new Adagrad(lr, value, weightDecay, initial, eps);
    }

    /// The same with weight decay.
    public Adagrad weightDecay(double value) {
        return new Adagrad(lr, lrDecay, value, initial, eps);
    }

    /// The same with another first sum.
    public Adagrad initial(double value) {
        return new Adagrad(lr, lrDecay, weightDecay, value, eps);
    }

    /// The same with another eps.
    public Adagrad eps(double value) {
        return new Adagrad(lr, lrDecay, weightDecay, initial, value);
    }

    @Override
    public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
        Tensor d = weightDecay == 0 ? g : p.mul(weightDecay).add(g);
        Tensor v = sum(s);
        v.inPlace(by()).combine(1, 1, d.square());
        Tensor root = v.sqrt();
        root.inPlace(by()).add(eps);
        p.inPlace(by()).combine(1, rate(s, lrNow), d.div(root));
    }

    /// The sum of squares before this update.
    Tensor sum(ParameterState s) {
        boolean first = !s.has("sum");
        Tensor v = s.slot("sum");
        return first && initial != 0 ? v.inPlace(by()).fill(initial) : v;
    }

    /// Factor of `g / (√v + eps)`.
    double rate(ParameterState s, double lrNow) {
        return -lrNow / (1 + (s.count() - 1) * lrDecay);
    }
}
