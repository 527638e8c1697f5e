package wengert.tensor.spi;

/// A gradient was asked for that does not exist, no longer exists, or has the wrong form.
public class GradException extends TensorException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public GradException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public GradException(String message, Throwable cause) {
        super(message, cause);
    }
}
