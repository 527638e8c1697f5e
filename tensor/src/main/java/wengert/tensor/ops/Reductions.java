package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;

/// Folds over axes. Without an argument: over all axes; with axes: over those; [Axes#NONE]: over none. Axes
/// may be negative, and must be distinct. A `keep…` form leaves the folded axes with size 1.
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

    /// Sum over all axes, which stay with size 1.
    default T sumKeep() {
        return sumKeep(Axes.all(shape().rank()));
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
        long n = Axes.count("mean", shape(), axes);
        return self().floating().apply(new Sum(false, axes)).div((double) n);
    }

    /// Mean over all axes, which stay with size 1.
    default T meanKeep() {
        return meanKeep(Axes.all(shape().rank()));
    }

    /// Mean over some axes, which stay with size 1.
    default T meanKeep(int... axes) {
        long n = Axes.count("mean", shape(), axes);
        return self().floating().apply(new Sum(true, axes)).div((double) n);
    }

    /// Largest of all; NaN if any is NaN. Equal ones share the gradient.
    ///
    /// @throws wengert.tensor.spi.ShapeException if there is nothing to choose from
    default T max() {
        return amax(Axes.all(shape().rank()));
    }

    /// Smallest of all; NaN if any is NaN. Equal ones share the gradient.
    ///
    /// @throws wengert.tensor.spi.ShapeException if there is nothing to choose from
    default T min() {
        return amin(Axes.all(shape().rank()));
    }

    /// Largest of all, see [#max()].
    default T amax() {
        return max();
    }

    /// Largest over some axes; NaN if any is NaN. Equal ones share the gradient.
    ///
    /// @throws wengert.tensor.spi.ShapeException if there is nothing to choose from
    default T amax(int... axes) {
        return apply(new Extreme(ReduceKind.MAX, false, axes));
    }

    /// Largest of all, in a shape of size 1 everywhere, see [#max()].
    default T amaxKeep() {
        return amaxKeep(Axes.all(shape().rank()));
    }

    /// Largest over some axes, which stay with size 1, see [#amax(int...)].
    default T amaxKeep(int... axes) {
        return apply(new Extreme(ReduceKind.MAX, true, axes));
    }

    /// Smallest of all, see [#min()].
    default T amin() {
        return min();
    }

    /// Smallest over some axes; NaN if any is NaN. Equal ones share the gradient.
    ///
    /// @throws wengert.tensor.spi.ShapeException if there is nothing to choose from
    default T amin(int... axes) {
        return apply(new Extreme(ReduceKind.MIN, false, axes));
    }

    /// Smallest of all, in a shape of size 1 everywhere, see [#min()].
    default T aminKeep() {
        return aminKeep(Axes.all(shape().rank()));
    }

    /// Smallest over some axes, which stay with size 1, see [#amin(int...)].
    default T aminKeep(int... axes) {
        return apply(new Extreme(ReduceKind.MIN, true, axes));
    }

    /// Place of the largest along an axis, i64, the axis gone: the first of equals, the first NaN if there is
    /// one.
    default T argmax(int axis) {
        return apply(new ArgReduce(ReduceKind.MAX, axis, false));
    }

    /// Place of the largest along an axis, which stays with size 1.
    default T argmaxKeep(int axis) {
        return apply(new ArgReduce(ReduceKind.MAX, axis, true));
    }

    /// Place of the smallest along an axis, i64, the axis gone: the first of equals, the first NaN if there
    /// is one.
    default T argmin(int axis) {
        return apply(new ArgReduce(ReduceKind.MIN, axis, false));
    }

    /// Place of the smallest along an axis, which stays with size 1.
    default T argminKeep(int axis) {
        return apply(new ArgReduce(ReduceKind.MIN, axis, true));
    }

    /// Whether all are true (of nothing: true); of numbers, anything but 0 counts as true.
    default T all() {
        return all(Axes.all(shape().rank()));
    }

    /// Whether all are true over some axes, see [#all()].
    default T all(int... axes) {
        shape().mark("all", axes);
        return self().logicalNot().sum(axes).eq(0);
    }

    /// Whether any is true (of nothing: false); of numbers, anything but 0 counts as true.
    default T any() {
        return any(Axes.all(shape().rank()));
    }

    /// Whether any is true over some axes, see [#any()].
    default T any(int... axes) {
        shape().mark("any", axes);
        return self().to(DType.BOOL).sum(axes).ne(0);
    }

    /// Running sum along an axis. Integers and truth values sum as i64.
    default T cumsum(int axis) {
        return summand().apply(new CumulativeSum(axis, false));
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
        return apply(new Sum(true, Arrays.copyOf(axes, n))).reshape(target);
    }

    private T summand() {
        return dtype().isFloating() ? self() : self().to(DType.I64);
    }
}
