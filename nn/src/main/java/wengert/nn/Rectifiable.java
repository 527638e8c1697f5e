package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// A layer that can do the work of the rectifier behind it on the way. [Sequential] lets it, wherever a
/// [Relu] or a [LeakyRelu] follows: one pass over memory less each way, and one value less to keep. Results
/// are those of the two layers one after the other, bit for bit.
interface Rectifiable extends Layer {
    /// Applies the layer, then `z > 0 ? z : slope · z`.
    ///
    /// @param slope 0 for ReLU, 1 for nothing
    <T extends TensorOps<T>> T forward(T x, double slope);

    @Override
    default <T extends TensorOps<T>> T forward(T x) {
        return forward(x, 1);
    }

    /// The slope of a rectifier, or NaN for any other layer.
    static double slope(Layer layer) {
        return switch (layer) {
            case Relu _ -> 0;
            case LeakyRelu leaky -> leaky.slope();
            default -> Double.NaN;
        };
    }
}
