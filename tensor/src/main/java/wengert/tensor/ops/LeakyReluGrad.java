package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Gradient of the leaky rectifier: `y = x > 0 ? dy : slope · dy`, inputs x (or anything of its sign) and dy;
/// for slope 0 exactly 0 on the left, whatever dy is. Shapes: x, dy [*] → y [*].
/// Gradient: with upstream g, `d(dy)` is the same function of g; dx is structurally zero. Keeps x.
///
/// @param slope factor on the left side
record LeakyReluGrad(double slope) implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.LEAKY_RELU_GRAD;
    }

    @Override
    public double p() {
        return slope;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T g) {
        return i == 0 ? null : s.input(0).apply(this, g);
    }
}
