package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The elements whose two indices agree, as a new last axis; a view. Shapes: x [*] → y [*, D] without the two
/// axes. Gradient: zeros with dy on the diagonal, [OnDiagonal]; keeps nothing.
///
/// @param offset how far right of the main diagonal
/// @param a      one axis, not negative
/// @param b      another axis, not negative
record Diagonal(int offset, int a, int b) implements ViewOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        int[] sizes = new int[x.rank() - 1];
        int n = 0;
        for (int i = 0; i < x.rank(); i++) {
            if (i != a && i != b) {
                sizes[n++] = x.size(i);
            }
        }
        long rows = x.size(a) + Math.min(0L, offset);
        long columns = x.size(b) - Math.max(0L, offset);
        sizes[n] = (int) Math.max(0, Math.min(rows, columns));
        return Spec.of(Shape.of(sizes), in[0].dtype());
    }

    @Override
    public View alias(View in) {
        return in.diagonal(offset, a, b);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.apply(new OnDiagonal(this, s.shape(0)));
    }

    /// The transpose of [Diagonal]: zeros with x on the diagonal. Gradient: the diagonal of dy.
    ///
    /// @param diagonal which
    /// @param target   shape of the result
    record OnDiagonal(Diagonal diagonal, Shape target) implements SingleOp {
        @Override
        public Spec inferOne(Spec[] in) {
            return Spec.of(target, in[0].dtype());
        }

        @Override
        public void forward(Backend k, View[] in, View out) {
            k.fill(out, 0);
            k.copy(in[0], diagonal.alias(out));
        }

        @Override
        public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
            return dy.apply(diagonal);
        }
    }
}
