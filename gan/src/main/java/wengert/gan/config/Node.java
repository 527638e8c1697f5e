package wengert.gan.config;

import java.util.List;
import java.util.Map;

/// A value as it stands in a text, before the schema gives it a type. Lines count from 1; 0 means no line.
sealed interface Node {
    int line();

    /// How a message shows it.
    String shown();

    /// `plain` is a YAML scalar without quotes: only there do an empty text, `~` and `null` mean "no value".
    record Scalar(String text, boolean plain, int line) implements Node {
        boolean isNothing() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String shown() {
            if (isNothing()) return "nothing";
            String cut = text.length() <= 60 ? text : text.substring(0, 60) + "…";
            return plain && !text.isBlank() ? cut : "'" + cut + "'";
        }
    }

    record Sequence(List<Node> items, int line) implements Node {
        @Override
        public String shown() {
            return "a list";
        }
    }

    /// `entries` keeps the order of the text; `lines` holds the line of each key.
    record Mapping(Map<String, Node> entries, Map<String, Integer> lines, int line) implements Node {
        @Override
        public String shown() {
            return "a map";
        }
    }
}
