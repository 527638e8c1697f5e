package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Sine: `y = sin x`. Shapes: x [*] → y [*]. Floats. Gradient: `dx = dy · cos x`; keeps x.
record Sin() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SIN;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(s.input(0).cos());
    }
}
