package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Exponential: `y = e^x`. Shapes: x [*] → y [*]. Floats. Gradient: `dx = dy · y`; keeps y.
record Exp() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.EXP;
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
        return dy.mul(s.output(0));
    }
}
