package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Elements picked along an axis: `y[…, i, …] = x[…, index[…, i, …], …]`, inputs x and index (i64). Shapes:
/// index and y agree; they have x's rank and, but for the axis, at most its sizes.
/// Gradient: `dx = scatter(dy)` at the same index, so what was picked twice adds up; keeps the index.
///
/// @param axis which axis
record Gather(int axis) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Indices.check(name(), in[1], axis, in[0].shape());
        return Spec.of(in[1].shape(), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.gather(in[0], in[0].shape().axis(axis), in[1], out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 1;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return i == 0 ? dy.apply(new Scatter(axis, s.shape(0)), s.input(1)) : null;
    }
}
