package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Difference: `y = a − b`. Shapes: a, b broadcast. Gradient: `da = dy`, `db = −dy`; keeps nothing.
record Sub() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.SUB;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return i == 0 ? dy : dy.neg();
    }
}
