package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// Folds over axes. Without axes: over all of them; [Axes#NONE]: over none. Axes may be negative, must be
/// distinct. A `keep…` form leaves the folded axes with size 1.
///
/// @param <T> the kind of value
public interface Reductions<T extends TensorOps<T>> extends Value<T> {
    /// Sum over all axes. Integers and truth values sum as i64.
    default T sum() {
        return sum(Axes.all(shape().rank()));
    }

    /// Sum over some axes.
    default T sum(int... axes) {
        return summand().apply(new Sum(false, axes));
    }

    /// Sum over some axes, which stay with size 1.
    default T sumKeep(int... axes) {
        return summand().apply(new Sum(true, axes));
    }

    /// Mean over all axes; NaN of nothing. Integers are averaged as f32.
    default T mean() {
        return mean(Axes.all(shape().rank()));
    }

    /// Mean over some axes.
    default T mean(int... axes) {
        return self().floating().apply(new Sum(false, axes)).div((double) count(axes));
    }

    /// Mean over some axes, which stay with size 1.
    default T meanKeep(int... axes) {
        return self().floating().apply(new Sum(true, axes)).div((double) count(axes));
    }

    /// The transpose of broadcasting: sums over the axes that expanding `target` to this shape would repeat.
    default T sumTo(Shape target) {
        if (target.equals(shape())) {
            return self();
        }
        int lead = shape().rank() - target.rank();
        int[] axes = new int[shape().rank()];
        int n = 0;
        for (int a = 0; a < shape().rank(); a++) {
            if (a < lead || target.size(a - lead) == 1 && shape().size(a) != 1) {
                axes[n++] = a;
            }
        }
        return apply(new Sum(true, java.util.Arrays.copyOf(axes, n))).reshape(target);
    }

    private T summand() {
        return dtype().isFloating() ? self() : self().to(DType.I64);
    }

    private long count(int... axes) {
        boolean[] marked = shape().mark(axes);
        long n = 1;
        for (int a = 0; a < marked.length; a++) {
            n *= marked[a] ? shape().size(a) : 1;
        }
        return n;
    }
}
