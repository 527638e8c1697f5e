package wengert.tensor.io;

import java.io.Serial;

/// A file or text from outside is not what its format demands.
///
/// The message reads `format: expected …, came … — where — what to do`, where *where* is an offset
/// and a file name. It is thrown before anything of the size that a damaged header claims is allocated.
public final class FormatException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /// @param format   the reader that refuses, such as `safetensors`
    /// @param expected what the format demands at this place
    /// @param came     what is there
    /// @param where    the place, such as [#atByte(long, String)] gives
    /// @param todo     what the user can do about it
    public FormatException(String format, String expected, String came, String where, String todo) {
        super(format + ": expected " + expected + ", came " + came + " — " + where + " — " + todo);
    }

    /// The place `at byte OFFSET of FILE`, for the *where* of a message.
    public static String atByte(long offset, String file) {
        return "at byte " + offset + " of " + file;
    }
}
