package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Leaky rectifier: `y = x > 0 ? x : slope · x`; slope 0 is the rectifier (relu) and selects: −∞ becomes 0.
/// Shapes: x [*] → y [*]. Floats.
/// Gradient: dy where x > 0, otherwise slope · dy, so at 0 it is the slope; the second derivative is
/// structurally zero. For slope ≥ 0 the sign of y is the sign of x, so y is kept, which the next layer mostly
/// keeps anyway; otherwise x.
///
/// @param slope factor on the left side
record LeakyRelu(double slope) implements UnaryOp {
    @Override
    public String name() {
        return slope == 0 ? "relu" : "leakyRelu";
    }

    @Override
    public UnaryKind kind() {
        return UnaryKind.LEAKY_RELU;
    }

    @Override
    public double p() {
        return slope;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return !savesOutput(0);
    }

    @Override
    public boolean savesOutput(int j) {
        return slope >= 0;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        T side = savesOutput(0) ? s.output(0) : s.input(0);
        return side.apply(new LeakyReluGrad(slope), dy);
    }
}
