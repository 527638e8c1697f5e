package wengert.tensor.ops;

import java.util.Arrays;
import java.util.function.Supplier;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// What the indexing operators share: checks of indices, and their forms.
final class Indices {
    private Indices() {
    }

    /// Refuses an index that does not fit a shape along an axis.
    static void check(String op, Spec index, int axis, Shape shape) {
        Shape s = index.shape();
        if (index.dtype() != DType.I64) {
            throw new DTypeException(op + ": index must be i64, got " + index);
        }
        int along = shape.axis(op, axis);
        boolean fits = s.rank() == shape.rank();
        for (int a = 0; fits && a < s.rank(); a++) {
            fits = a == along || s.size(a) <= shape.size(a);
        }
        if (!fits) {
            throw new ShapeException(op + ": index " + s + " must have the rank of " + shape
                    + " and, but for axis " + axis + ", at most its sizes");
        }
    }

    /// An index as i64.
    static <T extends TensorOps<T>> T whole(String op, T index) {
        if (index.dtype() == DType.BOOL) {
            throw new DTypeException(op + ": index must be whole numbers (i32 or i64), got bool "
                    + index.shape() + "; use maskedSelect for truth values");
        }
        return whole(op, "index", index);
    }

    /// The same of what the user knows by another name.
    static <T extends TensorOps<T>> T whole(String op, String what, T index) {
        if (index.dtype().isFloating() || index.dtype() == DType.BOOL) {
            throw new DTypeException(op + ": " + what + " must be whole numbers (i32 or i64), got "
                    + index.dtype() + " " + index.shape() + "; use to(DType.I64)");
        }
        return index.to(DType.I64);
    }

    /// An index [M] stretched, without a copy, to a shape with M at one axis.
    static <T extends TensorOps<T>> T along(String op, T index, int axis, Shape shape) {
        if (index.shape().rank() != 1) {
            throw new ShapeException(op + ": index must be [M], got " + index.shape());
        }
        int[] sizes = new int[shape.rank()];
        Arrays.fill(sizes, 1);
        sizes[shape.axis(op, axis)] = index.shape().size(0);
        return index.reshape(Shape.of(sizes)).expand(shape.with(axis, index.shape().size(0)));
    }

    /// Tells of an index that does not exist in the words of the operator the user called.
    ///
    /// @param op    the operator
    /// @param given shape of the indices as the user gave them
    /// @param along axis of the indices as they were used, along which those of the user stand in row-major
    ///              order
    /// @param axis  of the shape that is chosen from
    /// @param from  that shape
    static <T> T told(String op, Shape given, int along, int axis, Shape from, Supplier<T> body) {
        try {
            return body.get();
        } catch (IndexException e) {
            throw new IndexException(op, "index", e.index(), position(given, e.position()[along]),
                    "lies outside of axis " + axis + " of shape " + from, from.size(axis), e);
        }
    }

    /// The same where the indices are classes.
    static IndexException noClass(String op, String what, IndexException e, int[] position, int classes) {
        return new IndexException(op, what, e.index(), position, "is not one of " + classes + " classes",
                classes, e);
    }

    /// A row-major number as the index of an element.
    static int[] position(Shape shape, int number) {
        int[] at = shape.toArray();
        for (int a = at.length - 1; a >= 0; a--) {
            int size = at[a];
            at[a] = number % size;
            number /= size;
        }
        return at;
    }

    /// The row-major positions of what is true, as i64 [M].
    ///
    /// @param mask bool, row-major, in host memory
    static View positions(View mask) {
        byte[] values = mask.storage().bool();
        int from = mask.offset();
        long[] found = new long[mask.shape().length()];
        int n = 0;
        for (int i = 0; i < found.length; i++) {
            if (values[from + i] != 0) {
                found[n++] = i;
            }
        }
        var storage = new Storage(mask.storage().device(), DType.I64, n, Arrays.copyOf(found, n));
        return View.of(storage, Shape.of(n));
    }
}
