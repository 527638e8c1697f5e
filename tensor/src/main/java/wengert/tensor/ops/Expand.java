package wengert.tensor.ops;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Axes of size 1 and missing leading axes repeated; a view with stride 0. Gradient: dy summed over what was
/// repeated, which is what happens to every rule's result whose shape is wider than the input.
///
/// @param target the new shape
record Expand(Shape target) implements ViewOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(target, in[0].dtype());
    }

    @Override
    public View alias(View in) {
        return in.expand(target);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy;
    }
}
