package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Multiplies by a number: `y = p · x`. Shapes: x [*] → y [*]. Gradient: `dx = p · dy`; keeps nothing.
record MulScalar(double p) implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.MUL;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(p);
    }
}
