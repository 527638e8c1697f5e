package wengert.tensor.spi;

/// Operands live on different devices, or a device is not there.
public class DeviceException extends TensorException {
    private static final long serialVersionUID = 1L;

    /// @param message what was expected, what came, what to do
    public DeviceException(String message) {
        super(message);
    }

    /// @param message what was expected, what came, what to do
    /// @param cause   what lies beneath
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
