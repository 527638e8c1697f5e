package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Adds a number: `y = x + p`. Shapes: x [*] → y [*]. Gradient: `dx = dy`; keeps nothing.
record AddScalar(double p) implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.ADD;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy;
    }
}
