package wengert.tensor.io;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Recursive descent over the grammar of RFC 8259; the depth is bounded, so the stack is too.
final class JsonParser {
    private final CharSequence text;
    private final String source;
    private int at;
    private int depth;

    JsonParser(CharSequence text, String source) {
        this.text = text;
        this.source = source;
    }

    Object document() {
        if (peek() == '\uFEFF') throw wrong("a JSON value", "a byte order mark", 0);
        blanks();
        Object value = value();
        blanks();
        if (at < text.length()) throw wrong("the end of the text", found(), at);
        return value;
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw wrong("a JSON value", found(), at);
        };
    }

    private Map<String, Object> object() {
        enter();
        var map = new LinkedHashMap<String, Object>();
        at++;
        blanks();
        if (peek() != '}') {
            do {
                blanks();
                if (peek() != '"') throw wrong("a key in double quotes", found(), at);
                int start = at;
                String key = string();
                if (map.containsKey(key)) {
                    throw wrong("every key once in an object", "the key '" + shown(key) + "' again", start);
                }
                blanks();
                if (peek() != ':') throw wrong("':' after the key '" + shown(key) + "'", found(), at);
                at++;
                blanks();
                map.put(key, value());
                blanks();
            } while (more('}'));
        }
        return leave(map);
    }

    private List<Object> array() {
        enter();
        var list = new ArrayList<Object>();
        at++;
        blanks();
        if (peek() != ']') {
            do {
                blanks();
                list.add(value());
                blanks();
            } while (more(']'));
        }
        return leave(list);
    }

    private void enter() {
        if (++depth > Json.MAX_DEPTH) {
            throw wrong("nesting of at most " + Json.MAX_DEPTH, "one level more", at);
        }
    }

    private <T> T leave(T value) {
        at++;
        depth--;
        return value;
    }

    /// Whether a comma follows, which is consumed; otherwise `close` must be next.
    private boolean more(char close) {
        int c = peek();
        if (c != ',' && c != close) throw wrong("',' or '" + close + "'", found(), at);
        if (c == ',') at++;
        return c == ',';
    }

    private Object word(String word, Boolean value) {
        int end = Math.min(at + word.length(), text.length());
        if (!word.contentEquals(text.subSequence(at, end))) throw wrong("a JSON value", found(), at);
        at = end;
        return value;
    }

    private Number number() {
        int start = at;
        boolean whole = true;
        if (peek() == '-') at++;
        if (peek() == '0') at++;
        else digits();
        if (peek() == '.') {
            whole = false;
            at++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            at++;
            if (peek() == '+' || peek() == '-') at++;
            digits();
        }
        int next = peek();
        if (next >= '0' && next <= '9') throw wrong("a number without leading zeros", found(), start);
        String digits = text.subSequence(start, at).toString();
        // 19 digits and a sign: anything longer is beyond 64 bits.
        if (whole && digits.length() <= 20) {
            try {
                return Long.valueOf(digits);
            } catch (NumberFormatException beyond64Bits) {
                // A double holds its leading digits.
            }
        }
        double value = Double.parseDouble(digits);
        if (Double.isInfinite(value)) {
            throw wrong("a number that a double can hold", shown(digits), start);
        }
        return value;
    }

    private void digits() {
        int start = at;
        while (peek() >= '0' && peek() <= '9') at++;
        if (at == start) throw wrong("a digit", found(), at);
    }

    private String string() {
        int start = at++;
        // The common text has no escapes and is cut out as it is.
        int end = at;
        while (end < text.length() && plain(text.charAt(end))) end++;
        if (end < text.length() && text.charAt(end) == '"') {
            String cut = text.subSequence(at, end).toString();
            at = end + 1;
            return cut;
        }
        var out = new StringBuilder();
        while (true) {
            int c = peek();
            if (c < 0) throw wrong("a closing '\"'", "the end of the text", start);
            if (c < ' ') throw wrong("an escaped control character", found(), at);
            int here = at++;
            if (c == '"') return out.toString();
            char unit = c == '\\' ? escape(here) : (char) c;
            if (Character.isLowSurrogate(unit)) throw wrong("a surrogate pair", lone(unit), here);
            out.append(unit);
            if (Character.isHighSurrogate(unit)) {
                int low = at;
                char second = peek() == '\\' ? escape(at++) : peek() < 0 ? 0 : (char) peek();
                if (!Character.isLowSurrogate(second)) throw wrong("a surrogate pair", lone(unit), here);
                if (at == low) at++;
                out.append(second);
            }
        }
    }

    private static boolean plain(char c) {
        return c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c);
    }

    /// The character of an escape whose backslash at `start` is consumed.
    private char escape(int start) {
        int c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++, at++) {
                    int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
                    if (digit < 0) throw wrong("four hexadecimal digits after \\u", found(), at);
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw wrong("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u",
                    c < 0 ? "the end of the text" : "another escape", start);
        };
    }

    private static String lone(char unit) {
        return "the lone surrogate \\u%04x".formatted((int) unit);
    }

    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private String found() {
        int c = peek();
        if (c < 0) return "the end of the text";
        return c > ' ' && c < 127 ? "'" + (char) c + "'" : "the character U+%04X".formatted(c);
    }

    private static String shown(String s) {
        return s.length() <= 40 ? s : s.substring(0, 40) + "…";
    }

    private FormatException wrong(String expected, String came, int offset) {
        int line = 1;
        for (int i = 0; i < offset; i++) {
            if (text.charAt(i) == '\n') line++;
        }
        return new FormatException("json", expected, came,
                "at character " + offset + " (line " + line + ") of " + source,
                "the file is damaged or was edited by hand");
    }
}
