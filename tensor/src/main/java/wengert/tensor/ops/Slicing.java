package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Parts of a value. All are views: they cost O(1), share memory with this, and steps may be negative.
///
/// @param <T> the kind of value
public interface Slicing<T extends TensorOps<T>> extends Value<T> {
    /// Indices from `start` to before `stop` of one axis. Negative numbers count from the end, bounds beyond
    /// the axis are cut to it.
    default T slice(int axis, int start, int stop) {
        return slice(axis, start, stop, 1);
    }

    /// Every `step`-th index from `start` to before `stop` of one axis, as `start:stop:step` in NumPy:
    /// negative numbers count from the end, bounds beyond the axis are cut to it, a negative step walks
    /// backwards (`stop = Integer.MIN_VALUE` then takes the axis to its very beginning).
    ///
    /// @param step not 0
    default T slice(int axis, int start, int stop, int step) {
        return slice(axis, new Slice.Range(start, stop, step));
    }

    /// Indices of one axis.
    private T slice(int axis, Slice.Range range) {
        int a = shape().axis("slice", axis);
        int size = shape().size(a);
        int step = range.step();
        if (step == 0) {
            throw new ShapeException("slice: step must not be 0 (axis " + axis + " of shape " + shape()
                    + ")");
        }
        // Python's rule: a backward walk may start at the last index and stop before index 0.
        int low = step > 0 ? 0 : -1;
        int high = step > 0 ? size : size - 1;
        int start = range.start() == null ? (step > 0 ? low : high) : bound(range.start(), size, low, high);
        int stop = range.stop() == null ? (step > 0 ? high : low) : bound(range.stop(), size, low, high);
        long span = step > 0 ? (long) stop - start : (long) start - stop;
        long stride = Math.abs((long) step);
        int count = span <= 0 ? 0 : (int) ((span - 1) / stride + 1);
        if (start == 0 && step == 1 && count == size) {
            return self();
        }
        return apply(new SliceAxis(a, count == 0 ? 0 : start, count < 2 ? 1 : step, count));
    }

    private static int bound(int i, int size, int low, int high) {
        int at = i < 0 ? i + size : i;
        return Math.clamp(at, low, Math.max(low, high));
    }

    /// `length` indices of one axis from `start` on.
    ///
    /// @throws ShapeException if they leave the axis
    default T narrow(int axis, int start, int length) {
        int size = shape().size(shape().axis("narrow", axis));
        int first = start < 0 ? start + size : start;
        if (first < 0 || length < 0 || length > size - first) {
            throw new ShapeException("narrow: start " + start + " and length " + length + " leave axis "
                    + axis + " of shape " + shape() + ", which has size " + size);
        }
        return slice(axis, first, first + length);
    }

    /// One index of one axis; the axis goes away.
    ///
    /// @param index negative counts from the end
    /// @throws ShapeException if the index does not exist
    default T select(int axis, int index) {
        int a = shape().axis("select", axis);
        int size = shape().size(a);
        int i = index < 0 ? index + size : index;
        if (i < 0 || i >= size) {
            throw new ShapeException("select: index " + index + " lies outside of axis " + axis + " of shape "
                    + shape() + ", which has size " + size);
        }
        return apply(new SliceAxis(a, i, 1, 1)).squeeze(a);
    }

    /// Basic indexing, axis by axis: `x.at(Slice.at(0), Slice.range(1, 3))` is `x[0, 1:3]`. Axes that are not
    /// mentioned stay whole.
    ///
    /// @throws ShapeException if more axes are indexed than there are, or an index does not exist
    default T at(Slice... slices) {
        int consumed = 0;
        int ellipses = 0;
        for (Slice s : slices) {
            consumed += s instanceof Slice.Index || s instanceof Slice.Range ? 1 : 0;
            ellipses += s instanceof Slice.Ellipsis ? 1 : 0;
        }
        if (consumed > shape().rank() || ellipses > 1) {
            throw new ShapeException("at: " + (ellipses > 1 ? "only one ellipsis is possible in "
                    : consumed + " indices for the " + shape().rank() + " axes of shape " + shape() + " in ")
                    + Arrays.toString(slices));
        }
        int left = shape().rank() - consumed;
        T x = self();
        int axis = 0;
        for (Slice s : slices) {
            switch (s) {
                case Slice.Index i -> x = x.select(axis, i.index());
                case Slice.Range r -> x = ((Slicing<T>) x).slice(axis++, r);
                case Slice.NewAxis _ -> x = x.unsqueeze(axis++);
                case Slice.Ellipsis _ -> axis += left;
            }
        }
        return x;
    }

    /// Axes run backwards.
    default T flip(int... axes) {
        return axes.length == 0 ? self() : apply(new Flip(axes));
    }

    /// Consecutive parts of `size` indices of one axis; the last one may be smaller.
    ///
    /// @param size at least 1
    default List<T> split(int size, int axis) {
        int n = shape().size(shape().axis("split", axis));
        if (size < 1) {
            throw new ShapeException("split: parts must have at least 1 index, got " + size);
        }
        List<T> parts = new ArrayList<>();
        for (long start = 0; start == 0 || start < n; start += size) {
            parts.add(slice(axis, (int) start, (int) Math.min(n, start + size)));
        }
        return parts;
    }

    /// At most `count` consecutive parts of one axis, equal except for a smaller last one.
    ///
    /// @param count at least 1
    default List<T> chunk(int count, int axis) {
        if (count < 1) {
            throw new ShapeException("chunk: at least 1 part is needed, got " + count);
        }
        int n = shape().size(shape().axis("chunk", axis));
        return split(Math.max(1, Math.ceilDiv(n, count)), axis);
    }

    /// The elements whose two indices agree, as a new last axis: element i is `x[…, i, …, i + offset, …]`,
    /// for a negative offset `x[…, i − offset, …, i, …]`. A view.
    ///
    /// @param offset 0 for the main diagonal
    /// @param first  one axis
    /// @param second another axis
    default T diagonal(int offset, int first, int second) {
        Shape s = shape();
        int a = s.axis("diagonal", first);
        int b = s.axis("diagonal", second);
        if (a == b) {
            throw new ShapeException("diagonal: two different axes are needed, got " + first + " and "
                    + second + " of shape " + s);
        }
        return apply(new Diagonal(offset, a, b));
    }
}
