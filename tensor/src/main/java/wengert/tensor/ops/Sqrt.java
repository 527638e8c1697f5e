package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Square root: `y = √x`. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy / (2y)`, +∞ at 0; keeps y. Where a root of exactly 0 must have gradient 0 (a norm, a
/// standard deviation), the reductions guard it.
record Sqrt() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SQRT;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public boolean savesOutput(int j) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.div(s.output(0).mul(2));
    }
}
