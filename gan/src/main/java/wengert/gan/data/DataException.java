package wengert.gan.data;

import java.io.Serial;

/// Images that a run asks for and that are not there, or do not suit it. The message says what was expected,
/// what came, where, and what to do.
public final class DataException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /// @param expected what a run needs
    /// @param came     what is there
    /// @param where    a file, a folder or a key of the configuration
    /// @param todo     what the user can do about it
    public DataException(String expected, String came, String where, String todo) {
        super("data: expected " + expected + ", came " + came + " — " + where + " — " + todo);
    }
}
