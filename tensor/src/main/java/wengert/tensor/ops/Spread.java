package wengert.tensor.ops;

import wengert.tensor.spi.View;

/// Parts of the statistics. Each shifts by a value of the input that counts as a constant: the results do not
/// depend on the shift, so neither do their derivatives, of any order.
final class Spread {
    private Spread() {
    }

    /// `(x − mean)²`. Values are first taken relative to the first of them, so that equal values give exactly
    /// 0: the rounding of a mean alone would leave a tiny spread, whose root has a gradient of ordinary size.
    static <T extends TensorOps<T>> T squares(T x, int... axes) {
        View first = x.view();
        for (int axis : axes) {
            first = first.slice(axis, 0, 1, Math.min(1, first.shape().size(axis)));
        }
        T relative = x.sub(constant(x, first));
        return relative.sub(relative.meanKeep(axes)).square();
    }

    /// Degrees of freedom: `n − correction`, at least 0.
    static <T extends TensorOps<T>> double divisor(String op, T x, int correction, int... axes) {
        return Math.max(0, Axes.count(op, x.shape(), axes) - correction);
    }

    /// `√x`, with derivative 0 at 0. The root is taken of 1 there, or its infinite slope would come back as 0
    /// · ∞.
    static <T extends TensorOps<T>> T root(T x) {
        T zero = x.eq(0);
        return x.maskedFill(zero, 1).sqrt().maskedFill(zero, 0);
    }

    /// The largest over axes, which stay with size 1, as a constant; 0 where it is infinite or NaN, or of
    /// nothing.
    static <T extends TensorOps<T>> T peak(String op, T x, int... axes) {
        if (Axes.count(op, x.shape(), axes) == 0) {
            return x.filled(x.shape().reduced(x.shape().mark(axes), true), x.dtype(), 0);
        }
        T top = constant(x, x.view()).amaxKeep(axes);
        return top.maskedFill(top.isFinite().logicalNot(), 0);
    }

    private static <T extends TensorOps<T>> T constant(T x, View numbers) {
        return x.lift(() -> numbers);
    }
}
