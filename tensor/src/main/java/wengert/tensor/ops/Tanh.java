package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Hyperbolic tangent: `y = tanh x`. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy · sech²(x)`, computed from x: `1 − y²` would lose every digit where y rounds to 1.
record Tanh() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.TANH;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return s.input(0).apply(new TanhGrad(), dy);
    }
}
