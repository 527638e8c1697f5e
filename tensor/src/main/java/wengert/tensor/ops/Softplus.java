package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Soft rectifier: `y = ln(1 + e^x)`, exact on both sides. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy · σ(x)`; keeps x. Higher orders go through [SigmoidGrad] and stay exact far from 0.
record Softplus() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SOFTPLUS;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(s.input(0).sigmoid());
    }
}
