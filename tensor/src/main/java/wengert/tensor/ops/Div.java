package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Quotient: `y = a / b`, elementwise. Shapes: a, b broadcast. Floats.
/// Gradient: `da = dy / b`, `db = −dy · a / b²`; keeps b, and a if b's gradient is wanted.
record Div() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.DIV;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 1 || needs[1];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T b = s.input(1);
        return i == 0 ? dy.div(b) : dy.mul(s.input(0)).div(b.square()).neg();
    }
}
