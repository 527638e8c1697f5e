package wengert.tensor.spi;

/// A number that chooses an element, and there is no such element. Who called a kernel on a user's behalf can
/// tell it again in the user's words: which number it was, and where it stood.
public final class IndexException extends ShapeException {
    private static final long serialVersionUID = 1L;

    private final long index;
    private final int[] position;

    /// An index that lies outside of an axis.
    ///
    /// @param op       the operator
    /// @param index    the number
    /// @param position where it stands among the indices
    /// @param axis     which it should lie in
    /// @param shape    of what is chosen from
    public IndexException(String op, long index, int[] position, int axis, Shape shape) {
        this(op, "index", index, position, "lies outside of axis " + axis + " of shape " + shape,
                shape.size(axis), null);
    }

    /// The same in the words of the operator that the user called.
    ///
    /// @param op       the operator
    /// @param what     the number is: `index`, `target`
    /// @param index    the number
    /// @param position where it stands among the numbers that the user gave
    /// @param fault    what is wrong with it
    /// @param size     numbers from 0 to before this are legal
    /// @param cause    what lies beneath, or null
    public IndexException(String op, String what, long index, int[] position, String fault, int size,
            Throwable cause) {
        super(op + ": " + what + " " + index
                + (position.length == 0 ? "" : " at position " + Shape.of(position)) + " " + fault
                + "; legal are " + (size == 0 ? "none" : "0 to " + (size - 1)), cause);
        this.index = index;
        this.position = position.clone();
    }

    /// The number.
    public long index() {
        return index;
    }

    /// Where it stands among the indices, one number for each of their axes.
    public int[] position() {
        return position.clone();
    }
}
