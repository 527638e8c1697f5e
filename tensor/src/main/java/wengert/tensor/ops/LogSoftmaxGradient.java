package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Gradient of [LogSoftmax]: `g = dy − e^y · Σ dy`, inputs y (what logSoftmax gave) and dy. Shapes: y, dy [*]
/// → g [*].
/// Gradient: with upstream u, `d(dy) = u − Σ u·e^y`, and with respect to y `−u · e^y · Σ dy`. Keeps y, and dy
/// if y's gradient is wanted.
///
/// @param axis along which the shares sum to 1
record LogSoftmaxGradient(int axis) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return in[0];
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(SoftmaxKernels.class).logSoftmaxGradient(in[0], in[1], out.shape().axis(axis), out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0 || needs[0];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T u) {
        T weighted = u.mul(s.input(0).exp());
        return i == 1 ? u.sub(weighted.sumKeep(axis)) : weighted.mul(s.input(1).sumKeep(axis)).neg();
    }
}
