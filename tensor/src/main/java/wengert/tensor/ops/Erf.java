package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Error function: `y = 2/√π · ∫_0^x e^−t² dt`. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy · 2/√π · e^−x²`; keeps x.
record Erf() implements UnaryOp {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

    @Override
    public UnaryKind kind() {
        return UnaryKind.ERF;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(s.input(0).square().neg().exp()).mul(TWO_OVER_SQRT_PI);
    }
}
