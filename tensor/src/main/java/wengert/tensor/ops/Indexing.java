package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// Elements chosen by numbers. An index is i32 or i64, counts from 0, and never wraps: one that is negative
/// or too large is an error that names it, its position, the axis and its size, and nothing has changed. What
/// is chosen twice receives both gradients.
///
/// @param <T> the kind of value
public interface Indexing<T extends TensorOps<T>> extends Value<T> {
    /// Picks along an axis, for every place by its own index: `y[i, j] = this[i, index[i, j]]` (axis 1 of
    /// two).
    ///
    /// @param index of this rank and, but for the axis, at most this's sizes
    /// @return of the index's shape
    default T gather(int axis, HasValue index) {
        return apply(new Gather(axis), Indices.whole("gather", lift(index)));
    }

    /// This plus elements at places along an axis: `y = this; y[i, index[i, j]] += source[i, j]` (axis 1 of
    /// two).
    ///
    /// @param index  of this rank and, but for the axis, at most this's sizes
    /// @param source of the index's shape
    default T scatterAdd(int axis, HasValue index, HasValue source) {
        T at = Indices.whole("scatterAdd", lift(index));
        return self().add(lift(source).apply(new Scatter(axis, shape()), at));
    }

    /// Whole slices along an axis: [*, N, *] → [*, M, *], slice i of the result is slice `index[i]` of this.
    ///
    /// @param index `[M]`
    default T indexSelect(int axis, HasValue index) {
        T at = Indices.along("indexSelect", Indices.whole("indexSelect", lift(index)), axis, shape());
        int a = shape().axis(axis);
        return Indices.told("indexSelect", index.view().shape(), a, axis, shape(),
                () -> apply(new Gather(axis), at));
    }

    /// This plus whole slices along an axis: slice `index[i]` of the result is slice `index[i]` of this plus
    /// slice i of the source.
    ///
    /// @param index  `[M]`
    /// @param source [*, M, *], this's shape with M at the axis
    default T indexAdd(int axis, HasValue index, HasValue source) {
        T at = Indices.along("indexAdd", Indices.whole("indexAdd", lift(index)), axis, shape());
        T added = lift(source);
        if (!added.shape().equals(at.shape())) {
            throw new ShapeException("indexAdd: the source must have the shape " + at.shape() + ", got "
                    + added.shape());
        }
        int a = shape().axis(axis);
        return Indices.told("indexAdd", index.view().shape(), a, axis, shape(),
                () -> scatterAdd(axis, at, added));
    }

    /// Rows of this table [N, *] for an index of any shape `I`: → [I, *].
    default T embedding(HasValue index) {
        if (shape().rank() == 0) {
            throw new ShapeException("embedding: the table must be [N, *], got a scalar");
        }
        T at = Indices.whole("embedding", lift(index));
        T rows = Indices.told("embedding", at.shape(), 0, 0, shape(), () -> indexSelect(0, at.reshape(-1)));
        return rows.reshape(join(at.shape(), shape(), 1));
    }

    /// Elements at tuples of indices, one index for each leading axis: `y[i] = this[index₀[i], index₁[i],
    /// …]`. The indices broadcast to one shape `I`: this [N₀, N₁, *] → [I, *].
    ///
    /// @param indices at most as many as there are axes, at least one
    default T index(HasValue... indices) {
        if (indices.length == 0 || indices.length > shape().rank()) {
            throw new ShapeException("index: expected 1 to " + shape().rank() + " indices for shape "
                    + shape() + ", got " + indices.length);
        }
        Shape common = Shape.of();
        for (HasValue index : indices) {
            common = Shapes.broadcast("index", common, index.view().shape());
        }
        T y = self();
        for (int k = 0; k < indices.length; k++) {
            T at = Indices.whole("index", lift(indices[k])).expand(common).reshape(-1);
            T x = y;
            int axis = k;
            y = Indices.told("index", common, 0, axis, shape(),
                    () -> axis == 0 ? x.indexSelect(0, at) : pick(x, at));
        }
        return y.reshape(join(common, shape(), indices.length));
    }

    /// [M, N, *] at an index [M] → [M, *].
    private static <T extends TensorOps<T>> T pick(T x, T at) {
        int[] sizes = x.shape().toArray();
        sizes[1] = 1;
        int[] column = new int[sizes.length];
        Arrays.fill(column, 1);
        column[0] = sizes[0];
        T y = x.gather(1, at.reshape(column).expand(Shape.of(sizes)));
        int[] rest = Arrays.copyOfRange(sizes, 1, sizes.length);
        rest[0] = sizes[0];
        return y.reshape(Shape.of(rest));
    }

    /// The elements where a mask holds, in row-major order: [*] → `[M]`. How many there are is read from the
    /// mask, so a device is waited for.
    ///
    /// @param mask of this shape; of numbers, anything but 0 counts as true
    default T maskedSelect(HasValue mask) {
        T m = lift(mask);
        if (!m.shape().equals(shape())) {
            throw new ShapeException("maskedSelect: the mask must have the shape " + shape() + ", got "
                    + m.shape() + "; expand it first");
        }
        T near = m.to(DType.BOOL);
        if (!near.device().isHost()) {
            near = near.to(Device.CPU);
        }
        View found = Indices.positions(near.contiguous().view());
        return self().reshape(-1).indexSelect(0, lift(() -> found).to(device()));
    }

    /// Indices [*] as f32 rows [*, classes] that are 1 at the index and 0 elsewhere.
    default T oneHot(int classes) {
        T at = Indices.whole("oneHot", self()).reshape(-1, 1);
        Shape rows = at.shape().with(1, classes);
        T ones = filled(Shape.of(), DType.F32, 1).expand(at.shape());
        try {
            return ones.apply(new Scatter(1, rows), at).reshape(join(shape(), rows, 1));
        } catch (IndexException e) {
            throw Indices.noClass("oneHot", "index", e, Indices.position(shape(), e.position()[0]), classes);
        }
    }

    /// The sizes of one shape, then those of another from an axis on.
    private static Shape join(Shape lead, Shape tail, int from) {
        int[] s = Arrays.copyOf(lead.toArray(), lead.rank() + tail.rank() - from);
        System.arraycopy(tail.toArray(), from, s, lead.rank(), tail.rank() - from);
        return Shape.of(s);
    }
}
