package wengert.tensor.spi;

import java.util.Arrays;

/// The sizes of a tensor's axes, outermost first: `[N, C, H, W]`. Immutable. Rank 0 (`[]`) is a scalar;
/// an axis may have size 0. Element counts are exact 64-bit numbers: a product of sizes never wraps.
public final class Shape {
    /// The shape of a scalar.
    public static final Shape SCALAR = new Shape(new int[0]);

    /// Most elements of one tensor: kernels count in 32 bits, and in blocks that may reach beyond the last
    /// element by up to 2^16.
    public static final int MOST_ELEMENTS = Integer.MAX_VALUE - 0xffff;

    private final int[] sizes;
    private final long elements;
    /// Strides of a row-major buffer; computed when first asked for, never changed or handed out of the
    /// package. Volatile, so that a thread that finds the array finds the strides in it.
    private volatile int[] rowMajor;

    private Shape(int[] sizes) {
        this.sizes = sizes;
        long product = 1;
        boolean empty = false;
        for (int size : sizes) {
            if (size < 0) {
                throw new ShapeException("shape: sizes must not be negative, got " + Arrays.toString(sizes));
            }
            empty |= size == 0;
        }
        if (empty) {
            product = 0;
        } else {
            for (int size : sizes) {
                try {
                    product = Math.multiplyExact(product, (long) size);
                } catch (ArithmeticException e) {
                    throw new ShapeException("shape: " + Arrays.toString(sizes)
                            + " has more than 2^63 elements", e);
                }
            }
        }
        this.elements = product;
    }

    /// @param sizes one size per axis, none negative
    /// @return the shape
    public static Shape of(int... sizes) {
        return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
    }

    /// The same without a copy, for an array that nobody else holds.
    static Shape owning(int[] sizes) {
        return sizes.length == 0 ? SCALAR : new Shape(sizes);
    }

    /// Strides of a row-major buffer of this shape; not to be changed.
    int[] rowMajor() {
        int[] steps = rowMajor;
        if (steps == null) {
            steps = new int[sizes.length];
            long step = 1;
            for (int a = steps.length - 1; a >= 0; a--) {
                steps[a] = (int) step;
                step *= Math.max(1, sizes[a]);
            }
            rowMajor = steps;
        }
        return steps;
    }

    /// Number of axes.
    public int rank() {
        return sizes.length;
    }

    /// Size of one axis.
    ///
    /// @param axis from `-rank` to `rank - 1`; negative counts from the end
    public int size(int axis) {
        return sizes[axis(axis)];
    }

    /// Number of elements; 1 for a scalar.
    public long elements() {
        return elements;
    }

    /// Number of elements as an array length.
    ///
    /// @throws ShapeException if there are more than [#MOST_ELEMENTS]
    public int length() {
        if (elements > MOST_ELEMENTS) {
            throw new ShapeException("shape: " + this + " has " + elements
                    + " elements; one tensor holds at most " + MOST_ELEMENTS
                    + ". Split it along an axis.");
        }
        return (int) elements;
    }

    /// A copy of the sizes.
    public int[] toArray() {
        return sizes.clone();
    }

    /// The non-negative form of an axis number.
    ///
    /// @param axis from `-rank` to `rank - 1`
    /// @throws ShapeException if the axis does not exist
    public int axis(int axis) {
        return place("", axis);
    }

    /// The non-negative form of an axis number that an operator was given.
    ///
    /// @param op   the operator, for the message
    /// @param axis from `-rank` to `rank - 1`
    /// @throws ShapeException if the axis does not exist
    public int axis(String op, int axis) {
        return place(op + ": ", axis);
    }

    private int place(String who, int axis) {
        int a = axis < 0 ? axis + sizes.length : axis;
        if (a < 0 || a >= sizes.length) {
            throw new ShapeException(who + "axis " + axis + " does not exist in shape " + this
                    + "; legal are "
                    + (sizes.length == 0 ? "none" : -sizes.length + " to " + (sizes.length - 1)));
        }
        return a;
    }

    /// Marks the named axes; duplicates are refused by name.
    ///
    /// @param axes axis numbers, negative ones counted from the end
    /// @return one flag per axis
    public boolean[] mark(int... axes) {
        return marked("", axes);
    }

    /// Marks the axes that an operator was given; duplicates are refused by name.
    ///
    /// @param op   the operator, for the message
    /// @param axes axis numbers, negative ones counted from the end
    /// @return one flag per axis
    public boolean[] mark(String op, int... axes) {
        return marked(op + ": ", axes);
    }

    private boolean[] marked(String who, int... axes) {
        boolean[] marked = new boolean[sizes.length];
        for (int axis : axes) {
            int a = place(who, axis);
            if (marked[a]) {
                throw new ShapeException(who + "axis " + axis + " is named twice in " + Arrays.toString(axes)
                        + " for shape " + this);
            }
            marked[a] = true;
        }
        return marked;
    }

    /// This shape with one axis resized.
    public Shape with(int axis, int size) {
        int[] s = sizes.clone();
        s[axis(axis)] = size;
        return owning(s);
    }

    /// This shape without the marked axes, or with size 1 in their place.
    ///
    /// @param marked one flag per axis
    /// @param keepDim true to keep the axes with size 1
    public Shape reduced(boolean[] marked, boolean keepDim) {
        int[] s = new int[sizes.length];
        int n = 0;
        for (int a = 0; a < sizes.length; a++) {
            if (!marked[a]) {
                s[n++] = sizes[a];
            } else if (keepDim) {
                s[n++] = 1;
            }
        }
        return owning(n == s.length ? s : Arrays.copyOf(s, n));
    }

    /// The common shape of two operands: aligned at the right, sizes equal or 1, missing axes count as 1.
    /// Size 0 goes with 0 or 1 only.
    ///
    /// @throws ShapeException naming both shapes and the axis
    public static Shape broadcast(Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] s = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.sizes[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.sizes[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw new ShapeException("broadcast: shapes " + a + " and " + b + " differ in axis " + -i
                        + ": " + x + " and " + y + "; sizes must be equal or 1");
            }
            s[rank - i] = x == 1 ? y : x;
        }
        return owning(s);
    }

    /// True if a tensor of this shape can be expanded to `target`.
    public boolean broadcastsTo(Shape target) {
        if (rank() > target.rank()) {
            return false;
        }
        for (int i = 1; i <= rank(); i++) {
            int x = sizes[rank() - i];
            if (x != 1 && x != target.sizes[target.rank() - i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Shape s && Arrays.equals(sizes, s.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /// The sizes in brackets: `[64,3,4,4]`.
    @Override
    public String toString() {
        var text = new StringBuilder("[");
        for (int i = 0; i < sizes.length; i++) {
            text.append(i == 0 ? "" : ",").append(sizes[i]);
        }
        return text.append(']').toString();
    }
}
