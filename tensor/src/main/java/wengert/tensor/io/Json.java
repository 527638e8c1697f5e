package wengert.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small, bounded JSON reader and writer (RFC 8259) for safetensors headers, checkpoint states and logs.
///
/// | JSON | Java |
/// |---|---|
/// | object | `LinkedHashMap<String, Object>`, in the order of the text |
/// | array | `ArrayList<Object>` |
/// | string | `String` |
/// | number without fraction and exponent that fits 64 bits | `Long` |
/// | any other number | `Double` |
/// | `true`, `false` | `Boolean` |
/// | `null` | `null` |
///
/// Reading is strict: no trailing data, no comments, no byte order mark, no key twice in one object, no
/// unpaired surrogate, no number that a double cannot hold, nesting at most [#MAX_DEPTH]. The length of the
/// text is bounded by the caller, and what is built from it takes at most some fifty bytes per character.
///
/// Writing is deterministic: map order, shortest decimals that read back to the same `double` (or `float`).
/// NaN and infinities are no JSON; the writer refuses them and names the path of the key.
public final class Json {
    /// The deepest nesting of objects and arrays that is read or written.
    public static final int MAX_DEPTH = 64;

    private Json() {}

    /// Reads one JSON value that is the whole of `text`.
    ///
    /// @param text      the text
    /// @param maxLength the most characters that are accepted
    /// @param source    the file or place the text is from, for messages
    /// @throws FormatException if the text is too long or not strict JSON
    public static Object parse(CharSequence text, int maxLength, String source) {
        if (text.length() > maxLength) throw tooLong(text.length() + " characters", maxLength, source);
        return new JsonParser(text, source).document();
    }

    /// Reads one JSON value that is the whole of `utf8`.
    ///
    /// @param utf8      the text in UTF-8
    /// @param maxLength the most bytes that are accepted
    /// @param source    the file or place the text is from, for messages
    /// @throws FormatException if the text is too long, not UTF-8 or not strict JSON
    public static Object parse(byte[] utf8, int maxLength, String source) {
        if (utf8.length > maxLength) throw tooLong(utf8.length + " bytes", maxLength, source);
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        CharBuffer chars = CharBuffer.allocate(utf8.length);
        var result = StandardCharsets.UTF_8.newDecoder().decode(bytes, chars, true);
        if (result.isError()) {
            throw new FormatException("json", "UTF-8 text", "the byte 0x%02x".formatted(bytes.get()),
                    FormatException.atByte(bytes.position() - 1L, source),
                    "the file is damaged or in another encoding");
        }
        return new JsonParser(chars.flip(), source).document();
    }

    /// Reads a file that holds one JSON value.
    ///
    /// @param file      the file, UTF-8
    /// @param maxLength the most bytes that are accepted
    /// @throws IOException     if the file cannot be read
    /// @throws FormatException if the file is too long, not UTF-8 or not strict JSON
    public static Object read(Path file, int maxLength) throws IOException {
        long size = Files.size(file);
        if (size > maxLength) throw tooLong(size + " bytes", maxLength, file.toString());
        try (InputStream in = Files.newInputStream(file)) {
            // One byte more than allowed, so that a file that has grown since is noticed.
            return parse(in.readNBytes(maxLength == Integer.MAX_VALUE ? maxLength : maxLength + 1),
                    maxLength, file.toString());
        }
    }

    /// `value` on one line, without blanks.
    ///
    /// @param value a map with text keys, a collection, a text, a `Number` of the language, a flag or null,
    ///              nested as one likes
    /// @throws IllegalArgumentException if a part has no JSON form; the message names its path
    public static String write(Object value) {
        return new JsonWriter(false).document(value);
    }

    /// `value` with one key per line, indented by two blanks; arrays of plain values stay on one line.
    ///
    /// @throws IllegalArgumentException as [#write(Object)]
    public static String writeIndented(Object value) {
        return new JsonWriter(true).document(value);
    }

    private static FormatException tooLong(String came, int max, String source) {
        return new FormatException("json", "at most " + max, came, "in " + source,
                "the file is damaged or not the one that is meant");
    }
}
