package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Soft rectifier, `ln(1 + e^x)`.
public record Softplus() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.softplus();
    }
}
