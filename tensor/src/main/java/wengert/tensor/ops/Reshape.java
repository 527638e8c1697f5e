package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The same elements in row-major order under another shape. A view where strides allow it, otherwise a copy.
/// Gradient: `dx = reshape(dy)`; keeps nothing.
///
/// @param target the new shape, as many elements
record Reshape(Shape target) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        if (in[0].shape().elements() != target.elements()) {
            throw new ShapeException("reshape: shape " + in[0].shape() + " has " + in[0].shape().elements()
                    + " elements, " + target + " has " + target.elements());
        }
        return Spec.of(target, in[0].dtype());
    }

    @Override
    public View alias(View in) {
        return in.reshape(target);
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.copy(in[0], out.reshape(in[0].shape()));
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.reshape(s.shape(0));
    }
}
