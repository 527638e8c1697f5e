package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Matrix products and convolutions.
///
/// @param <T> the kind of value
public interface Products<T extends TensorOps<T>> extends Value<T> {
    /// Matrix product `this · other` over the last two axes, leading axes broadcast: [*, M, K] · [*, K, N] →
    /// [*, M, N]. A vector on either side counts as a row or column, and its axis is dropped again.
    default T matmul(HasValue other) {
        T b = lift(other);
        DType common = DType.promote(dtype(), b.dtype());
        T left = self().to(common);
        T right = b.to(common);
        boolean row = left.shape().rank() == 1;
        boolean column = right.shape().rank() == 1;
        if (!row && !column) {
            return left.apply(new Matmul(), right);
        }
        T y = (row ? left.reshape(1, -1) : left).apply(new Matmul(), column ? right.reshape(-1, 1) : right);
        int[] sizes = y.shape().toArray();
        int n = sizes.length;
        if (row && column) {
            return y.reshape();
        }
        if (row) {
            sizes[n - 2] = sizes[n - 1];
        }
        return y.reshape(java.util.Arrays.copyOf(sizes, n - 1));
    }

    /// Affine map of the last axis: `y = x · wᵀ + b`, [*, I] → [*, O].
    ///
    /// @param weight [O, I]
    /// @param bias   `[O]`, or null for none
    /// @throws ShapeException if the sizes do not fit
    default T linear(HasValue weight, HasValue bias) {
        T w = lift(weight);
        Shape x = shape();
        if (x.rank() < 1 || w.shape().rank() != 2 || x.size(-1) != w.shape().size(1)) {
            throw new ShapeException("linear: expected input [..., I] and weight [O, I], got " + x
                    + ConvShapes.label(view()) + " and " + w.shape() + ConvShapes.label(w.view())
                    + (x.rank() < 1 || w.shape().rank() != 2 ? ""
                            : "; I is " + x.size(-1) + " and " + w.shape().size(1) + "; did you mean Linear("
                                    + x.size(-1) + ", " + w.shape().size(0) + ")?"));
        }
        int out = w.shape().size(0);
        T b = bias == null ? null : lift(bias);
        if (b != null && !b.shape().equals(Shape.of(out))) {
            throw new ShapeException("linear: bias must be [" + out + "], one number per output of weight "
                    + w.shape() + ", got " + b.shape());
        }
        Shape result = x.with(-1, out);
        T rows = x.rank() == 2 ? self() : self().reshape(Shapes.rows(x), x.size(-1));
        T y = rows.matmul(w.transpose(0, 1)).reshape(result);
        return b == null ? y : y.add(b);
    }
}
