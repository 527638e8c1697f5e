package wengert.tensor.spi;

/// Root of everything this library refuses. A message says what was expected, what came, where, and what to
/// do; it is thrown before a kernel runs, so nothing has changed.
public class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The module path in which the operator was called, outermost first; empty outside of modules.
    private String path = "";

    /// @param message what was expected, what came, what to do
    public TensorException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public TensorException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Adds the name of the enclosing module on the way out, so that the message ends with
    /// `at discriminator.conv1`.
    ///
    /// @param module name of the enclosing module
    /// @return this
    public TensorException within(String module) {
        path = path.isEmpty() ? module : module + "." + path;
        return this;
    }

    @Override
    public String getMessage() {
        return path.isEmpty() ? super.getMessage() : super.getMessage() + "\n  at " + path;
    }
}
