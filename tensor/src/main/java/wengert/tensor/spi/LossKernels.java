package wengert.tensor.spi;

/// Losses of values and targets, folded in the same pass, and their gradients. In the equations l and l' are
/// those of [LossForm.Kind]; x and t are of one shape and floating dtype.
public interface LossKernels {
    /// `y = Σ share · l(x, t)`, or each `l(x, t)` where nothing is folded.
    ///
    /// @param y a scalar, or of x's shape where nothing is folded
    void loss(LossForm form, View x, View t, View y);

    /// `dx = dy · share · l'(x, t)`.
    ///
    /// @param dy expanded to x's shape
    void lossGradient(LossForm form, View x, View t, View dy, View dx);
}
