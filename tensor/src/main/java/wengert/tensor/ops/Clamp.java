package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Restriction to an interval: `y = min(max(x, min), max)`; NaN stays NaN. Shapes: x [*] → y [*]. Integers
/// too.
/// Gradient: dy where min ≤ x ≤ max (so it passes at the bounds), otherwise 0; keeps x.
///
/// @param min lower bound, as the dtype can hold it
/// @param max upper bound, as the dtype can hold it
record Clamp(double min, double max) implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.CLAMP;
    }

    @Override
    public double p() {
        return min;
    }

    @Override
    public double q() {
        return max;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return s.input(0).apply(new ClampGrad(min, max), dy);
    }
}
