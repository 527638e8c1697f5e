package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Negation of truth values: `y = not x`. Shapes: x [*] → y [*], bool. Not differentiable.
record Not() implements UnaryOp {
    @Override
    public String name() {
        return "logicalNot";
    }

    @Override
    public UnaryKind kind() {
        return UnaryKind.NOT;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public boolean differentiable(int j) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return null;
    }
}
