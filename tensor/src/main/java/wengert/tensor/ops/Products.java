package wengert.tensor.ops;

import wengert.tensor.spi.DType;

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
        T y = (row ? left.reshape(1, -1) : left).apply(new Matmul(), column ? right.reshape(-1, 1) : right);
        int[] sizes = y.shape().toArray();
        int n = sizes.length;
        if (row && column) {
            return y.reshape();
        }
        if (row) {
            sizes[n - 2] = sizes[n - 1];
        }
        return row || column ? y.reshape(java.util.Arrays.copyOf(sizes, n - 1)) : y;
    }
}
