package wengert.tensor.ops;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Every `step`-th element of one axis: `y[…,i,…] = x[…, start + i·step, …]`; a view. Gradient: zeros with dy
/// in those places, [Place]; keeps nothing.
///
/// @param axis  which axis, not negative
/// @param start index of the first element
/// @param step  distance in elements, negative to walk backwards
/// @param size  number of elements
record SliceAxis(int axis, int start, int step, int size) implements ViewOp {
    @Override
    public String name() {
        return "slice";
    }

    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(in[0].shape().with(axis, size), in[0].dtype());
    }

    @Override
    public View alias(View in) {
        return in.slice(axis, start, step, size);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        Shape x = s.shape(0);
        int[] starts = new int[x.rank()];
        int[] steps = new int[x.rank()];
        java.util.Arrays.fill(steps, 1);
        starts[axis] = start;
        steps[axis] = step;
        return dy.apply(new Place(x, 0, starts, steps));
    }
}
