package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Place of the largest or smallest along an axis, the first of equals; a NaN wins. Shapes: x [*] → y, i64,
/// the axis gone or of size 1. Not differentiable.
///
/// @param kind    [ReduceKind#MAX] or [ReduceKind#MIN]
/// @param axis    which axis
/// @param keepDim whether the axis stays with size 1
record ArgReduce(ReduceKind kind, int axis, boolean keepDim) implements SingleOp {
    @Override
    public String name() {
        return kind == ReduceKind.MAX ? "argmax" : "argmin";
    }

    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        if (x.size(x.axis(name(), axis)) == 0) {
            throw new ShapeException(name() + ": axis " + axis + " of shape " + x
                    + " is empty, so there is nothing to choose from");
        }
        return Spec.of(x.reduced(x.mark(axis), keepDim), DType.I64);
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape x = in[0].shape();
        k.argReduce(kind, in[0], x.axis(axis), out.reshape(x.with(axis, 1)));
    }

    @Override
    public boolean differentiable(int j) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return null;
    }
}
