package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Natural logarithm: `y = ln x`. Shapes: x [*] → y [*]. Floats. Gradient: `dx = dy / x`; keeps x.
record Log() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.LOG;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.div(s.input(0));
    }
}
