package wengert.tensor.io;

import java.util.Collection;
import java.util.Map;

/// Writes a value as JSON; a part that has no JSON form is refused with its path, such as `losses.loss_gen`.
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final boolean indented;

    JsonWriter(boolean indented) {
        this.indented = indented;
    }

    String document(Object value) {
        write(value, "", 0);
        return out.toString();
    }

    private void write(Object value, String path, int depth) {
        switch (value) {
            case null -> out.append("null");
            case String s -> string(s, path);
            case Boolean b -> out.append(b);
            case Map<?, ?> map -> object(map, path, inside(path, depth));
            case Collection<?> list -> array(list, path, inside(path, depth));
            case Double d when Double.isFinite(d) -> out.append(d);
            case Float f when Float.isFinite(f) -> out.append(f);
            case Long n -> out.append(n);
            case Integer n -> out.append(n);
            case Short n -> out.append(n);
            case Byte n -> out.append(n);
            case Double d -> throw refused(path, d + " is no JSON number");
            case Float f -> throw refused(path, f + " is no JSON number");
            default -> throw refused(path, "a " + value.getClass().getName() + " has no JSON form");
        }
    }

    private void object(Map<?, ?> map, String path, int depth) {
        out.append('{');
        boolean first = true;
        for (var entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw refused(path, "the key " + entry.getKey() + " is not a text");
            }
            if (!first) out.append(',');
            first = false;
            newLine(depth);
            string(key, path);
            out.append(indented ? ": " : ":");
            write(entry.getValue(), path.isEmpty() ? key : path + '.' + key, depth);
        }
        if (!first) newLine(depth - 1);
        out.append('}');
    }

    private void array(Collection<?> list, String path, int depth) {
        boolean flat = list.stream().noneMatch(v -> v instanceof Map || v instanceof Collection);
        out.append('[');
        int index = 0;
        for (Object value : list) {
            if (index > 0) out.append(flat && indented ? ", " : ",");
            if (!flat) newLine(depth);
            write(value, path + '[' + index++ + ']', depth);
        }
        if (!flat) newLine(depth - 1);
        out.append(']');
    }

    private static int inside(String path, int depth) {
        if (depth == Json.MAX_DEPTH) throw refused(path, "nesting deeper than " + Json.MAX_DEPTH);
        return depth + 1;
    }

    private void newLine(int depth) {
        if (indented) out.append('\n').repeat("  ", depth);
    }

    private void string(String s, String path) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') out.append("\\u%04x".formatted((int) c));
                    else out.append(c);
                }
            }
            if (i + 1 < s.length() && Character.isSurrogatePair(c, s.charAt(i + 1))) {
                out.append(s.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                throw refused(path, "a text with a lone surrogate has no UTF-8 form");
            }
        }
        out.append('"');
    }

    private static IllegalArgumentException refused(String path, String why) {
        return new IllegalArgumentException("json: " + why + " — at " + (path.isEmpty() ? "the top" : path)
                + " — replace the value (null, or a text) before writing");
    }
}
