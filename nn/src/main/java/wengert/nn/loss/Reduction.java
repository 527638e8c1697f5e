package wengert.nn.loss;

import wengert.tensor.ops.TensorOps;

/// How a loss per element becomes the loss.
public enum Reduction {
    /// The mean over all elements; NaN of nothing.
    MEAN,
    /// The sum over all elements.
    SUM,
    /// Each element for itself.
    NONE;

    /// Reduces losses of any shape to a scalar, or leaves them.
    public <T extends TensorOps<T>> T of(T losses) {
        return switch (this) {
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case NONE -> losses;
        };
    }
}
