package wengert.tensor.ops;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Axes in another order; a view. Gradient: `dx = dy` permuted back; keeps nothing.
///
/// @param order axis `i` of the result is axis `order[i]` of the input
record Permute(int... order) implements ViewOp {
    @Override
    public Spec inferOne(Spec[] in) {
        int[] sizes = new int[order.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = in[0].shape().size(order[i]);
        }
        return Spec.of(Shape.of(sizes), in[0].dtype());
    }

    @Override
    public View alias(View in) {
        return in.permute(order);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.permute(Shapes.inverse(order));
    }
}
