package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Square: `y = x²`. Shapes: x [*] → y [*]. Integers too. Gradient: `dx = 2 · dy · x`; keeps x.
record Square() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SQUARE;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return dy.mul(s.input(0)).mul(2);
    }
}
