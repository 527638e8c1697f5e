package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Product: `y = a · b`, elementwise. Shapes: a, b broadcast. Gradient: `da = dy · b`, `db = dy · a`; keeps
/// an input only if the other's gradient is wanted.
record Mul() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.MUL;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return needs[1 - i];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.mul(s.input(1 - i));
    }
}
