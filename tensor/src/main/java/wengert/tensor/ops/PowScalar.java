package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Power with a fixed exponent: `y = x^p`. Shapes: x [*] → y [*]. Floats.
/// Gradient: `dx = dy · p · x^(p−1)`, structurally zero for p = 0; keeps x.
///
/// @param p exponent
record PowScalar(double p) implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.POW;
    }

    @Override
    public String name() {
        return "pow";
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        if (p == 0) {
            return null;
        }
        return p == 1 ? dy : dy.mul(s.input(0).pow(p - 1)).mul(p);
    }
}
