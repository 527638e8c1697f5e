package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Exponential rectifier, `x > 0 ? x : alpha · (e^x − 1)`.
///
/// @param alpha minus the limit on the left; usually 1
public record Elu(double alpha) implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.elu(alpha);
    }
}
