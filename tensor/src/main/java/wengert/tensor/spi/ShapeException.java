package wengert.tensor.spi;

/// Sizes, axes or strides do not fit.
public class ShapeException extends TensorException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public ShapeException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }
}
