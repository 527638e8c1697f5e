package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Reciprocal: `y = 1 / x`. Shapes: x [*] → y [*]. Floats. Gradient: `dx = −dy · y²`; keeps y.
record Reciprocal() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.RECIPROCAL;
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
        return dy.mul(s.output(0).square()).neg();
    }
}
