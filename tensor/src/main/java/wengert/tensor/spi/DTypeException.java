package wengert.tensor.spi;

/// The kind of number is not the one an operator takes.
public class DTypeException extends TensorException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public DTypeException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public DTypeException(String message, Throwable cause) {
        super(message, cause);
    }
}
