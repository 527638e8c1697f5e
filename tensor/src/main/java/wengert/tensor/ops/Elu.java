package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Exponential rectifier: `y = x > 0 ? x : alpha · (e^x − 1)`. Shapes: x [*] → y [*]. Floats.
/// Gradient: dy where x > 0, otherwise `dy · alpha · e^x`; keeps x. The exponent is clamped to 0 on the
/// right, where the branch is not chosen: otherwise it would overflow and 0 · ∞ would come back at the next
/// order.
///
/// @param alpha minus the limit on the left
record Elu(double alpha) implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.ELU;
    }

    @Override
    public double p() {
        return alpha;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        T x = s.input(0);
        T left = dy.mul(x.clamp(Double.NEGATIVE_INFINITY, 0).exp()).mul(alpha);
        return dy.where(x.gt(0), left);
    }
}
