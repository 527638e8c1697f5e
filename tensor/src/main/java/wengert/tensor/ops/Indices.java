package wengert.tensor.ops;

import java.util.Arrays;
import java.util.function.Supplier;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
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
        int along = shape.axis(axis);
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
        if (index.dtype().isFloating() || index.dtype() == DType.BOOL) {
            throw new DTypeException(op + ": index must be whole numbers (i32 or i64), got " + index.dtype()
                    + " " + index.shape() + "; use to(DType.I64), or maskedSelect for truth values");
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
        sizes[shape.axis(axis)] = index.shape().size(0);
        return index.reshape(Shape.of(sizes)).expand(shape.with(axis, index.shape().size(0)));
    }

    /// Adds the name of the operator the user called to the error of the one beneath.
    static <T> T named(String op, Supplier<T> body) {
        try {
            return body.get();
        } catch (ShapeException e) {
            throw new ShapeException(op + ": " + e.getMessage(), e);
        }
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
