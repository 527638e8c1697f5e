package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Gradient of tanh: `y = dy · sech²(x)`, inputs x and dy. Shapes: x, dy [*] → y [*].
/// Gradient: with upstream g, `d(dy) = g · sech²(x)`, `dx = −2 · g · dy · sech²(x) · tanh(x)`.
record TanhGrad() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.TANH_GRAD;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0 || needs[0];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T g) {
        T x = s.input(0);
        T slope = x.apply(this, g);
        return i == 1 ? slope : slope.mul(s.input(1)).mul(x.tanh()).mul(-2);
    }
}
