package wengert.gan.config;

import java.util.regex.Pattern;

/// Writes a text as a YAML scalar that any reader takes for that text.
final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/~._][A-Za-z0-9/_.+-]*");
    /// What YAML 1.1 or 1.2 readers take for something else than a text.
    private static final Pattern TAKEN =
            Pattern.compile("(?i)~|null|true|false|yes|no|on|off|y|n|[.](nan|inf|[0-9].*)|[._]*");

    private YamlText() {}

    static String of(String text) {
        if (PLAIN.matcher(text).matches() && !TAKEN.matcher(text).matches()) return text;
        var out = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c < 0x7f || Character.isLetterOrDigit(c) && c < 0xD800) {
                out.appendCodePoint(c);
            } else {
                out.append(c <= 0xFFFF ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
            }
        });
        return out.append('"').toString();
    }
}
