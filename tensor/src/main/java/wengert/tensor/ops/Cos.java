package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Cosine: `y = cos x`. Shapes: x [*] → y [*]. Floats. Gradient: `dx = −dy · sin x`; keeps x.
record Cos() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.COS;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(s.input(0).sin()).neg();
    }
}
