package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Leaky rectifier, `x > 0 ? x : slope · x`; gradient `slope` at 0.
///
/// @param slope factor of what is not positive; 0.2 is usual in discriminators
public record LeakyRelu(double slope) implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.leakyRelu(slope);
    }
}
