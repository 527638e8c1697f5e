package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Magnitude: `y = |x|`. Shapes: x [*] → y [*]. Integers too.
/// Gradient: dy where x > 0, −dy where x < 0, and 0 at 0 (selected, whatever dy is); keeps x.
record Abs() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.ABS;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        T x = s.input(0);
        return x.apply(new LeakyReluGrad(-1), dy).maskedFill(x.eq(0), 0);
    }
}
