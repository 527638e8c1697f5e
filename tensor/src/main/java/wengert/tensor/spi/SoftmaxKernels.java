package wengert.tensor.spi;

/// Exponentials along one axis that share a sum, and their gradients. A *line* is what runs along the axis at
/// one index of the others; with `m` the largest of a line (0 where that is infinite or NaN) every
/// exponential is of `x − m`, so that none overflows. All views are of one floating dtype and of x's shape,
/// unless said otherwise.
public interface SoftmaxKernels {
    /// `y = e^x / Σ e^x`.
    void softmax(View x, int axis, View y);

    /// `dx = y · (dy − Σ y·dy)`, y being what [#softmax] gave.
    void softmaxGradient(View y, View dy, int axis, View dx);

    /// `y = x − ln Σ e^x`.
    void logSoftmax(View x, int axis, View y);

    /// `dx = dy − e^y · Σ dy`, y being what [#logSoftmax] gave.
    void logSoftmaxGradient(View y, View dy, int axis, View dx);

    /// `loss = −(logSoftmax of x)[target]`, without storing the whole of it.
    ///
    /// @param target i64, of x's shape with size 1 in `axis`
    /// @param loss   of target's shape
    /// @throws IndexException if a target lies outside of the axis, naming it
    void crossEntropy(View x, int axis, View target, View loss);

    /// `dx = dy · (softmax of x − (1 at the target, 0 elsewhere))`. What stands at the target is computed as
    /// minus the sum of all others, which keeps its digits where the target's probability rounds to 1.
    ///
    /// @param target i64, of x's shape with size 1 in `axis`, checked before
    /// @param dy     of target's shape
    void crossEntropyGradient(View x, int axis, View target, View dy, View dx);
}
