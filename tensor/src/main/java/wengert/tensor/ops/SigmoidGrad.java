package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Gradient of the logistic function: `y = dy · σ(x) · σ(−x)`, inputs x and dy. Shapes: x, dy [*] → y [*].
/// Gradient: with upstream g, `d(dy) = g · σ(x) · σ(−x)`, `dx = −g · dy · σ(x) · σ(−x) · tanh(x/2)`, since
/// `σ(−x) − σ(x) = −tanh(x/2)`.
record SigmoidGrad() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.SIGMOID_GRAD;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0 || needs[0];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T g) {
        T x = s.input(0);
        T slope = x.apply(this, g);
        return i == 1 ? slope : slope.mul(s.input(1)).mul(x.mul(0.5).tanh()).neg();
    }
}
