package wengert.tensor.io;

/// What is being read, for the messages of refusals.
///
/// @param format the format, such as `npy`
/// @param source the file
record Reading(String format, String source) {
    /// A refusal of what stands at an offset.
    FormatException wrong(long offset, String expected, Object came, String todo) {
        return new FormatException(format, expected, shown(came), FormatException.atByte(offset, source),
                todo);
    }

    /// A refusal of a part of the file that has no offset of its own.
    FormatException wrong(String part, String expected, Object came, String todo) {
        return new FormatException(format, expected, shown(came), part + " " + source, todo);
    }

    /// What came, shortened if it is long.
    static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
