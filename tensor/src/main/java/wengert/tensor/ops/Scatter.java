package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Elements added up where an index says, onto zeros: `y[…, index[…, i, …], …] += x[…, i, …]`, inputs x and
/// index (i64). Shapes: index and x agree; they have y's rank and, but for the axis, at most its sizes. The
/// transpose of [Gather].
/// Gradient: `dx = gather(dy)` at the same index; keeps the index.
///
/// @param axis   which axis
/// @param target shape of the result
record Scatter(int axis, Shape target) implements SingleOp {
    @Override
    public String name() {
        return "scatterAdd";
    }

    @Override
    public Spec inferOne(Spec[] in) {
        if (!in[0].shape().equals(in[1].shape())) {
            throw new ShapeException(name() + ": source and index must have one shape, got " + in[0].shape()
                    + " and " + in[1].shape());
        }
        Indices.check(name(), in[1], axis, target);
        return Spec.of(target, in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.fill(out, 0);
        k.scatterAdd(in[0], target.axis(axis), in[1], out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 1;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return i == 0 ? dy.apply(new Gather(axis), s.input(1)) : null;
    }
}
