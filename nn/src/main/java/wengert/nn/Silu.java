package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Sigmoid-weighted unit (swish), `x · σ(x)`.
public record Silu() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.silu();
    }
}
