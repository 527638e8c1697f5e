package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Sum: `y = a + b`. Shapes: a, b broadcast. Gradient: `da = dy`, `db = dy`; keeps nothing.
record Add() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.ADD;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy;
    }
}
