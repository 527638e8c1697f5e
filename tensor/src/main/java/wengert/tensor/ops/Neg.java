package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Negation: `y = −x`. Shapes: x [*] → y [*]. Gradient: `dx = −dy`; keeps nothing.
record Neg() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.NEG;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.neg();
    }
}
