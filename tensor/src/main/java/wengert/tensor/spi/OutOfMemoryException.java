package wengert.tensor.spi;

/// A device has no room for a buffer, even after what nobody uses went back to it. Nothing was computed.
public final class OutOfMemoryException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final long bytes;
    private final long largest;
    private String table = "";

    /// @param message what the device said
    /// @param bytes   that were asked for
    /// @param largest bytes of the largest free block
    /// @param cause   what lies beneath
    public OutOfMemoryException(String message, long bytes, long largest, Throwable cause) {
        super(message, cause);
        this.bytes = bytes;
        this.largest = largest;
    }

    /// Bytes that were asked for.
    public long bytes() {
        return bytes;
    }

    /// Bytes of the largest free block.
    public long largest() {
        return largest;
    }

    /// Whether the message says who holds the memory.
    public boolean hasTable() {
        return !table.isEmpty();
    }

    /// Adds to the message who holds the memory.
    ///
    /// @param text lines
    /// @return this
    public OutOfMemoryException table(String text) {
        table = text;
        return this;
    }

    @Override
    public String getMessage() {
        return table.isEmpty() ? super.getMessage() : super.getMessage() + "\n" + table;
    }
}
