package wengert.tensor.spi;

/// Sizes and kind of number: all that a shape rule needs to know of an operand.
public interface Spec {
    /// Sizes of the axes.
    Shape shape();

    /// Kind of number.
    DType dtype();

    /// A description without data behind it.
    static Spec of(Shape shape, DType dtype) {
        return new Plain(shape, dtype);
    }

    /// @param shape sizes of the axes
    /// @param dtype kind of number
    record Plain(Shape shape, DType dtype) implements Spec {
        @Override
        public String toString() {
            return dtype + " " + shape;
        }
    }
}
