package wengert.tensor.spi;

import java.util.Arrays;

/// A window on a [Storage]: the element at index `(i0, i1, …)` stands at `offset + Σ i_k · stride_k`. Strides
/// count elements; they may be negative (flip) or 0 (expand). Immutable; every method that returns a view
/// costs O(rank) and copies no element. This is what kernels read and write.
public final class View implements Spec {
    private final Storage storage;
    private final Shape shape;
    private final int[] strides;
    private final int offset;

    private View(Storage storage, Shape shape, int[] strides, int offset) {
        this.storage = storage;
        this.shape = shape;
        this.strides = strides;
        this.offset = offset;
    }

    /// The whole of a storage in row-major order.
    ///
    /// @param storage as long as `shape` has elements
    public static View of(Storage storage, Shape shape) {
        if (shape.length() != storage.length()) {
            throw new ShapeException("view: shape " + shape + " has " + shape.elements()
                    + " elements, but the buffer has " + storage.length());
        }
        return new View(storage, shape, shape.rowMajor(), 0);
    }

    /// The buffer underneath.
    public Storage storage() {
        return storage;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return storage.dtype();
    }

    /// Step in elements along an axis.
    public int stride(int axis) {
        return strides[shape.axis(axis)];
    }

    /// A copy of the strides.
    public int[] strides() {
        return strides.clone();
    }

    /// Position of the first element.
    public int offset() {
        return offset;
    }

    /// True if the elements stand one behind the other in row-major order (from any offset).
    public boolean isContiguous() {
        if (strides == shape.rowMajor() || shape.elements() == 0) {
            return true;
        }
        long step = 1;
        for (int a = strides.length - 1; a >= 0; a--) {
            int size = shape.size(a);
            if (size != 1) {
                if (strides[a] != step) {
                    return false;
                }
                step *= size;
            }
        }
        return true;
    }

    /// True if two different indices may name the same element, as after [#expand]. Such a view must not be
    /// written through. (Exact for views made by the methods of this class.)
    public boolean overlapsItself() {
        if (shape.elements() <= 1) {
            return false;
        }
        for (int a = 0; a < strides.length; a++) {
            if (shape.size(a) > 1 && strides[a] == 0) {
                return true;
            }
        }
        return false;
    }

    /// The same elements with the axes in another order: axis `i` of the result is axis `order[i]` of this.
    public View permute(int... order) {
        if (order.length != shape.rank()) {
            throw new ShapeException("permute: " + Arrays.toString(order) + " names " + order.length
                    + " axes, but shape " + shape + " has " + shape.rank());
        }
        shape.mark("permute", order);
        int[] sizes = new int[order.length];
        int[] steps = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            sizes[i] = shape.size(order[i]);
            steps[i] = strides[shape.axis(order[i])];
        }
        return new View(storage, Shape.owning(sizes), steps, offset);
    }

    /// Axes of size 1, and missing leading axes, repeated without copying (stride 0).
    public View expand(Shape target) {
        if (target.equals(shape)) {
            return this;
        }
        if (!shape.broadcastsTo(target)) {
            throw new ShapeException("expand: shape " + shape + " does not broadcast to " + target
                    + "; aligned at the right, sizes must be equal or 1");
        }
        int[] steps = new int[target.rank()];
        int lead = target.rank() - shape.rank();
        for (int a = 0; a < shape.rank(); a++) {
            steps[lead + a] = shape.size(a) == 1 && target.size(lead + a) != 1 ? 0 : strides[a];
        }
        return new View(storage, target, steps, offset);
    }

    /// Every `step`-th element of an axis: indices `start, start + step, …`, `size` of them.
    ///
    /// @param step not 0; negative walks backwards
    public View slice(int axis, int start, int step, int size) {
        int a = shape.axis(axis);
        int have = shape.size(a);
        long last = start + (long) step * (size - 1);
        if (size < 0 || step == 0 || size > 0 && (start < 0 || start >= have || last < 0 || last >= have)) {
            throw new ShapeException("slice: start " + start + ", step " + step + ", size " + size
                    + " leaves axis " + axis + " of shape " + shape);
        }
        int[] steps = strides.clone();
        steps[a] = size > 1 ? Math.multiplyExact(strides[a], step) : strides[a];
        int at = size == 0 ? offset : offset + start * strides[a];
        return new View(storage, shape.with(a, size), steps, at);
    }

    /// The marked axes run backwards.
    public View flip(int... axes) {
        boolean[] marked = shape.mark("flip", axes);
        int[] steps = strides.clone();
        int at = offset;
        for (int a = 0; a < marked.length; a++) {
            if (marked[a] && shape.size(a) > 1) {
                at += (shape.size(a) - 1) * strides[a];
                steps[a] = -strides[a];
            }
        }
        return new View(storage, shape, steps, at);
    }

    /// The elements whose indices in two axes differ by `offset`, as a new last axis: element i is
    /// `[…, i, …, i + offset, …]`, for a negative offset `[…, i − offset, …, i, …]`.
    public View diagonal(int offset, int first, int second) {
        int a = shape.axis(first);
        int b = shape.axis(second);
        int rank = shape.rank();
        int[] sizes = new int[rank - 1];
        int[] steps = new int[rank - 1];
        int n = 0;
        for (int i = 0; i < rank; i++) {
            if (i != a && i != b) {
                sizes[n] = shape.size(i);
                steps[n++] = strides[i];
            }
        }
        long rows = shape.size(a) + Math.min(0L, offset);
        long columns = shape.size(b) - Math.max(0L, offset);
        sizes[n] = (int) Math.max(0, Math.min(rows, columns));
        steps[n] = strides[a] + strides[b];
        int at = sizes[n] == 0 ? this.offset : this.offset
                + (offset < 0 ? -offset * strides[a] : offset * strides[b]);
        return new View(storage, Shape.of(sizes), steps, at);
    }

    /// The same elements in row-major order under another shape, where strides allow it without a copy.
    ///
    /// @param target as many elements as this
    /// @return the view, or null if a copy is needed
    public View reshape(Shape target) {
        if (target.elements() != shape.elements()) {
            throw new ShapeException("reshape: shape " + shape + " has " + shape.elements() + " elements, "
                    + target + " has " + target.elements());
        }
        if (target.equals(shape)) {
            return this;
        }
        if (shape.elements() == 0) {
            return new View(storage, target, target.rowMajor(), offset);
        }
        int[] steps = new int[target.rank()];
        int to = target.rank() - 1;
        int from = shape.rank() - 1;
        while (from >= 0) {
            if (shape.size(from) == 1) {
                from--;
                continue;
            }
            // A run of old axes that are mutually row-major, outermost `first`, and the new axes that
            // cover it.
            long run = shape.size(from);
            int inner = strides[from];
            int first = from;
            while (first > 0 && (shape.size(first - 1) == 1 || strides[first - 1] == inner * run)) {
                first--;
                run *= shape.size(first);
            }
            long covered = 1;
            while (covered < run) {
                if (to < 0 || run % (covered * target.size(to)) != 0) {
                    return null;
                }
                steps[to] = (int) (inner * covered);
                covered *= target.size(to--);
            }
            from = first - 1;
        }
        for (; to >= 0; to--) {
            steps[to] = 0; // only axes of size 1 are left
        }
        return new View(storage, target, steps, offset);
    }

    /// What this view is, for messages: `f32 [64,100]`.
    @Override
    public String toString() {
        return dtype() + " " + shape;
    }
}
