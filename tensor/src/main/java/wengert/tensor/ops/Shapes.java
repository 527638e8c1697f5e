package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Arithmetic on shapes that several operators share.
final class Shapes {
    private Shapes() {
    }

    /// Replaces one −1 by the size that makes the element counts agree.
    static Shape complete(Shape from, int... sizes) {
        long known = 1;
        int open = -1;
        for (int a = 0; a < sizes.length; a++) {
            if (sizes[a] == -1) {
                if (open >= 0) {
                    throw new ShapeException("reshape: only one size may be -1, got "
                            + Arrays.toString(sizes));
                }
                open = a;
            } else {
                known *= sizes[a];
            }
        }
        if (open < 0) {
            return Shape.of(sizes);
        }
        if (known == 0 || from.elements() % known != 0) {
            throw new ShapeException("reshape: shape " + from + " with " + from.elements()
                    + " elements does not fit " + Arrays.toString(sizes)
                    + (known == 0 ? "; with a size 0 the -1 could be anything" : ""));
        }
        int[] s = sizes.clone();
        s[open] = size("reshape", from.elements() / known, from);
        return Shape.of(s);
    }

    /// The common shape of two operands, with the operator's name in the error.
    static Shape broadcast(String op, Shape a, Shape b) {
        try {
            return Shape.broadcast(a, b);
        } catch (ShapeException e) {
            throw new ShapeException(op + ": " + e.getMessage(), e);
        }
    }

    /// Undoes a permutation.
    static int[] inverse(int[] order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            inverse[order[i] < 0 ? order[i] + order.length : order[i]] = i;
        }
        return inverse;
    }

    /// The non-negative place of an axis that is about to be added.
    static int newAxis(String op, Shape shape, int axis) {
        int a = axis < 0 ? axis + shape.rank() + 1 : axis;
        if (a < 0 || a > shape.rank()) {
            throw new ShapeException(op + ": a new axis " + axis + " has no place in shape " + shape
                    + "; legal are " + -(shape.rank() + 1) + " to " + shape.rank());
        }
        return a;
    }

    /// Product of all sizes but the last.
    static int rows(Shape shape) {
        long n = 1;
        for (int a = 0; a < shape.rank() - 1; a++) {
            n *= shape.size(a);
        }
        return size("rows", n, shape);
    }

    /// A computed size of an axis, refused where it does not fit 31 bits.
    ///
    /// @param of the shape it was computed from, for the message
    static int size(String op, long size, Shape of) {
        if (size > Integer.MAX_VALUE) {
            throw new ShapeException(op + ": an axis would have size " + size + ", at most "
                    + Integer.MAX_VALUE + " is possible; input " + of);
        }
        return (int) size;
    }
}
