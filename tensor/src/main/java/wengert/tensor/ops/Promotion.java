package wengert.tensor.ops;

import wengert.tensor.spi.DType;

/// Operands of two dtypes meet at the later one of `bool < i32 < i64 < f32 < f64`.
final class Promotion {
    private Promotion() {
    }

    /// Applies an operator of two inputs after converting both to their common dtype.
    static <T extends TensorOps<T>> T apply(Op op, T a, T b) {
        DType common = DType.promote(a.dtype(), b.dtype());
        return a.to(common).apply(op, b.to(common));
    }
}
