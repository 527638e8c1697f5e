package wengert.tensor.io;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a literal of Python, as the headers of npy files are: `{'shape': (2L, 3L), "fortran_order": True}`.
/// Nothing is evaluated.
///
/// | Python | Java |
/// |---|---|
/// | dict with text keys | `LinkedHashMap<String, Object>` |
/// | tuple, list | `ArrayList<Object>` |
/// | text in either kind of quotes, with or without `u` or `b` before it | `String` |
/// | whole number, with or without the `L` of Python 2 | `Long` |
/// | `True`, `False` | `Boolean` |
/// | `None` | `null` |
///
/// As in Python, `(3)` is the number and `(3,)` the tuple.
final class PythonLiteral {
    private static final int MAX_DEPTH = 16;

    private final String text;
    private final long offset;
    private final Charset charset;
    private final Reading reading;
    private int at;
    private int depth;

    /// @param offset  where the text begins in the file, for messages
    /// @param charset how the file encodes it
    PythonLiteral(String text, long offset, Charset charset, Reading reading) {
        this.text = text;
        this.offset = offset;
        this.charset = charset;
        this.reading = reading;
    }

    /// The value that is the whole of the text.
    Object parse() {
        Object value = value();
        if (peek() >= 0) {
            throw wrong("the end of the header");
        }
        return value;
    }

    private Object value() {
        int c = peek();
        return switch (c) {
            case '{' -> dict();
            case '[' -> sequence(']');
            case '(' -> sequence(')');
            case '\'', '"' -> string();
            case 'u', 'b' -> {
                at++;
                yield string();
            }
            case 'T' -> word("True", Boolean.TRUE);
            case 'F' -> word("False", Boolean.FALSE);
            case 'N' -> word("None", null);
            default -> {
                if (c != '-' && !digit(c)) {
                    throw wrong("a Python literal");
                }
                yield number();
            }
        };
    }

    private Map<String, Object> dict() {
        enter();
        var dict = new LinkedHashMap<String, Object>();
        while (peek() != '}') {
            int start = at;
            if (!(value() instanceof String key)) {
                at = start;
                throw wrong("a text as key");
            }
            if (dict.containsKey(key)) {
                at = start;
                throw wrong("every key once, not '" + key + "' again");
            }
            expect(':');
            dict.put(key, value());
            if (peek() != '}') {
                expect(',');
            }
        }
        leave();
        return dict;
    }

    private Object sequence(char close) {
        enter();
        List<Object> items = new ArrayList<>();
        boolean comma = false;
        while (peek() != close) {
            items.add(value());
            comma = peek() == ',';
            if (comma) {
                at++;
            } else if (peek() != close) {
                throw wrong("',' or '" + close + "'");
            }
        }
        leave();
        return close == ')' && items.size() == 1 && !comma ? items.getFirst() : items;
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw wrong("nesting of at most " + MAX_DEPTH);
        }
        at++;
    }

    private void leave() {
        at++;
        depth--;
    }

    private String string() {
        int quote = peek();
        if (quote != '\'' && quote != '"') {
            throw wrong("a quoted text");
        }
        int start = ++at;
        while (at < text.length() && text.charAt(at) != quote) {
            // No name of a type has an escape, so what escapes mean need not be known.
            if (text.charAt(at) == '\\' || text.charAt(at) == '\n') {
                throw wrong("a text without escapes");
            }
            at++;
        }
        if (at == text.length()) {
            throw wrong("a closing quote");
        }
        return text.substring(start, at++);
    }

    private Object word(String word, Boolean value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a Python literal");
        }
        at += word.length();
        return value;
    }

    private Long number() {
        int start = at;
        at++;
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
        String digits = text.substring(start, at);
        if (at < text.length() && (text.charAt(at) == 'L' || text.charAt(at) == 'l')) {
            at++;
        }
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            at = start;
            throw wrong("a whole number of 64 bits");
        }
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    /// The next character that is no blank, or −1.
    private int peek() {
        while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : -1;
    }

    private FormatException wrong(String expected) {
        String rest = text.substring(at, Math.min(at + 20, text.length())).strip();
        return reading.wrong(offset + text.substring(0, at).getBytes(charset).length, expected,
                rest.isEmpty() ? "the end of the header" : "'" + rest + "'", "the file is damaged");
    }
}
