package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Values one after the other along an axis. Shapes: all alike except in `axis`, whose sizes add up.
/// Gradient: each input's part of dy, a view; keeps nothing.
///
/// @param axis which axis, not negative
record Concat(int axis) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape first = in[0].shape();
        long size = 0;
        for (int i = 0; i < in.length; i++) {
            Shape s = in[i].shape();
            if (s.rank() != first.rank() || !s.with(axis, 0).equals(first.with(axis, 0))) {
                throw new ShapeException("concat: all parts must have the same sizes except in axis " + axis
                        + ", but part 0 is " + first + " and part " + i + " is " + s);
            }
            if (in[i].dtype() != in[0].dtype()) {
                throw new DTypeException("concat: all parts must have one dtype, but part 0 is " + in[0]
                        + " and part " + i + " is " + in[i]);
            }
            size += s.size(axis);
        }
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException("concat: axis " + axis + " would have size " + size + "; at most "
                    + Integer.MAX_VALUE + " is possible");
        }
        return Spec.of(first.with(axis, (int) size), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        int start = 0;
        for (View part : in) {
            int size = part.shape().size(axis);
            k.copy(part, out.slice(axis, start, 1, size));
            start += size;
        }
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        int start = 0;
        for (int j = 0; j < i; j++) {
            start += s.shape(j).size(axis);
        }
        return dy.apply(new SliceAxis(axis, start, 1, s.shape(i).size(axis)));
    }
}
