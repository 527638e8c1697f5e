package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Logistic function: `y = σ(x) = 1 / (1 + e^−x)`. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy · σ(x) · σ(−x)`, computed from x: `y(1 − y)` would lose every digit where y rounds to
/// 1.
record Sigmoid() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SIGMOID;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return s.input(0).apply(new SigmoidGrad(), dy);
    }
}
