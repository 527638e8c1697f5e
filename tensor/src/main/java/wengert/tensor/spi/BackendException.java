package wengert.tensor.spi;

/// A backend could not do what it was asked to.
public class BackendException extends TensorException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public BackendException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
