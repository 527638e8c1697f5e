package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Rectifier, `max(x, 0)`; gradient 0 at 0.
public record Relu() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.relu();
    }
}
