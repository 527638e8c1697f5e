package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Gaussian error unit, `x · Φ(x)` with the normal distribution function, not its tanh approximation.
public record Gelu() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.gelu();
    }
}
