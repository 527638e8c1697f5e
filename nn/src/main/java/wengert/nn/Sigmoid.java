package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Logistic function `1 / (1 + e^−x)`.
public record Sigmoid() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.sigmoid();
    }
}
