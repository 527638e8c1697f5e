package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Hyperbolic tangent; maps to (−1, 1), the range of pictures.
public record Tanh() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.tanh();
    }
}
