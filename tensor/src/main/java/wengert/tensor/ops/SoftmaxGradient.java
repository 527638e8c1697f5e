package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Gradient of [Softmax]: `g = y · (dy − Σ y·dy)`, inputs y (what softmax gave) and dy. Shapes: y, dy [*] →
/// g [*].
/// Gradient: it is symmetric in dy, so with upstream u `d(dy)` is the same function of u; and
/// `dy' = u·(dy − Σ y·dy) − dy·Σ u·y` with respect to y. Keeps y, and dy if y's gradient is wanted.
///
/// @param axis along which the shares sum to 1
record SoftmaxGradient(int axis) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return in[0];
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(SoftmaxKernels.class).softmaxGradient(in[0], in[1], out.shape().axis(axis), out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0 || needs[0];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T u) {
        T y = s.input(0);
        if (i == 1) {
            return y.apply(this, u);
        }
        T dy = s.input(1);
        return u.mul(dy.sub(y.mul(dy).sumKeep(axis))).sub(dy.mul(u.mul(y).sumKeep(axis)));
    }
}
