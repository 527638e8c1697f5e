package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Puts x into a larger grid of one number: `y[starts + i·steps] = x[i]`, everything else `background`.
/// Padding, and (with background 0) the transpose of slicing. Shapes: x [*] → y `target`, of the same rank.
/// Gradient: the slices of dy that x was put into, a view; keeps nothing.
///
/// @param target     shape of y
/// @param background the number around x
/// @param starts     per axis, index of x's first element in y
/// @param steps      per axis, distance of x's elements in y
record Place(Shape target, double background, int[] starts, int[] steps) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        if (!in[0].dtype().isFloating() && background != Math.rint(background)) {
            throw new DTypeException("pad: the number " + background + " does not fit a tensor of dtype "
                    + in[0].dtype() + "; use to(DType.F32) first");
        }
        return Spec.of(target, in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.fill(out, background);
        View inside = out;
        for (int a = 0; a < starts.length; a++) {
            inside = inside.slice(a, starts[a], steps[a], in[0].shape().size(a));
        }
        k.copy(in[0], inside);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T dx = dy;
        for (int a = 0; a < starts.length; a++) {
            int size = s.shape(0).size(a);
            if (starts[a] != 0 || steps[a] != 1 || size != target.size(a)) {
                dx = dx.apply(new SliceAxis(a, starts[a], steps[a], size));
            }
        }
        return dx;
    }

    @Override
    public String toString() {
        return "place" + target + " at " + Arrays.toString(starts);
    }
}
