package wengert.tensor.ops;

import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Axes run backwards; a view with negative strides. Gradient: `dx = dy` flipped likewise; keeps nothing.
///
/// @param axes which axes
record Flip(int... axes) implements ViewOp {
    @Override
    public Spec inferOne(Spec[] in) {
        in[0].shape().mark(axes);
        return in[0];
    }

    @Override
    public View alias(View in) {
        return in.flip(axes);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.apply(this);
    }
}
