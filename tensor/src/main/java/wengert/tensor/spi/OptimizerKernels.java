package wengert.tensor.spi;

import java.util.List;

/// Steps of optimisers in f32: all parameters of a group in one call, every number read once and written
/// once. Each kernel starts with `g ← g + decay · p` (what [Item#g] holds stays).
public interface OptimizerKernels {
    /// One parameter's share of a step. All views are contiguous, f32 and of one length, begin at the
    /// same place of their buffers, and have these for themselves.
    ///
    /// @param p    the parameter, changed
    /// @param g    its gradient, read
    /// @param a    the first thing kept for it, changed; null where a kernel keeps none
    /// @param b    the second
    /// @param c    the third
    /// @param rate factor of the update, which is added: negative
    /// @param own  another number that differs from parameter to parameter, see the kernels
    record Item(View p, View g, View a, View b, View c, double rate, double own) {
    }

    /// Adam: `a ← β1·a + (1 − β1)·g`, `b ← β2·b + (1 − β2)·g²`, `p ← keep · p + rate · a / (√b + own)`. Where
    /// there is a c: `c ← max(c, b)`, and it stands in the root.
    ///
    /// @param keep what stays of p before the update, 1 but for weight decay apart from the gradient
    void adam(List<Item> items, double beta1, double beta2, double decay, double keep);

    /// Gradient descent: `p ← p + rate · g`; where there is an a: `a ← momentum·a + own·g`,
    /// `p ← p + rate · a`, or with `nesterov` `p ← p + rate · (g + momentum·a)`.
    void sgd(List<Item> items, double momentum, boolean nesterov, double decay);

    /// RMSProp: `a ← alpha·a + (1 − alpha)·g²`, `d = g / (√a + own)`; where there is a b:
    /// `b ← alpha·b + (1 − alpha)·g`, and `max(a − b², 0)` stands in the root; `p ← p + rate · d`, or where
    /// there is a c `c ← momentum·c + d`, `p ← p + rate · c`.
    void rmsProp(List<Item> items, double alpha, double momentum, double decay);

    /// Adagrad: `a ← a + g²`, `p ← p + rate · g / (√a + own)`.
    void adagrad(List<Item> items, double decay);

    /// `sums[i] = Σ g²` of each of some gradients, in f64.
    ///
    /// @param gs contiguous, f32
    void squares(List<View> gs, double[] sums);
}
