package wengert.gan.run;

/// A run cannot be started, resumed or read, or cannot go on.
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public RunException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
