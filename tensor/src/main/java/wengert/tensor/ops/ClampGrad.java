package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Gradient of clamp: `y = min ≤ x ≤ max ? dy : 0`, inputs x and dy. Shapes: x, dy [*] → y [*].
/// Gradient: with upstream g, `d(dy)` is the same function of g; dx is structurally zero. Keeps x.
///
/// @param min lower bound, as the dtype can hold it
/// @param max upper bound, as the dtype can hold it
record ClampGrad(double min, double max) implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.CLAMP_GRAD;
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
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T g) {
        return i == 0 ? null : s.input(0).apply(this, g);
    }
}
