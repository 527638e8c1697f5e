package wengert.gan.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What values a key takes: reads them from a text, says in words what is wanted, and writes them as YAML.
sealed interface Kind {
    /// The typed value of `node`.
    ///
    /// @throws Unfit if it is none of this kind
    Object read(Node node);

    /// Completes the sentence "… is wanted".
    String wanted();

    /// `value` on one line of YAML that [#read(Node)] reads back to an equal value.
    String yaml(Object value);

    /// A value that is not what the key takes, with a remark, often empty, on what is wrong with it.
    final class Unfit extends RuntimeException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        Unfit(String remark) {
            super(remark, null, false, false);
        }
    }

    /// A `double` in an interval whose ends may be open.
    record Real(double min, boolean minOpen, double max, boolean maxOpen) implements Kind {
        static final Real ANY = new Real(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true);
        static final Real FROM_0 = new Real(0, false, Double.POSITIVE_INFINITY, true);
        static final Real POSITIVE = new Real(0, true, Double.POSITIVE_INFINITY, true);
        /// From 0 up to, but not including, 1.
        static final Real BELOW_1 = new Real(0, false, 1, true);
        /// From 0 to 1, both included.
        static final Real FROM_0_TO_1 = new Real(0, false, 1, false);

        @Override
        public Double read(Node node) {
            String text = scalar(node);
            if (!Numbers.isNumber(text)) throw new Unfit("");
            double value = Numbers.real(text);
            boolean above = minOpen ? value > min : value >= min;
            boolean below = maxOpen ? value < max : value <= max;
            if (!above || !below) throw new Unfit("");
            return value;
        }

        @Override
        public String wanted() {
            String number = "a real number";
            if (min == Double.NEGATIVE_INFINITY) return number;
            if (max == Double.POSITIVE_INFINITY) return number + (minOpen ? " > " : " ≥ ") + shortest(min);
            return number + " in " + (minOpen ? "(" : "[") + shortest(min) + ", " + shortest(max)
                    + (maxOpen ? ")" : "]");
        }

        private static String shortest(double d) {
            return d == Math.rint(d) ? Long.toString((long) d) : Double.toString(d);
        }

        @Override
        public String yaml(Object value) {
            return value.toString();
        }
    }

    /// A `long` from `min` to `max`, a power of two if asked for.
    record Whole(long min, long max, boolean powerOfTwo) implements Kind {
        @Override
        public Long read(Node node) {
            String text = scalar(node);
            Long value = Numbers.isNumber(text) ? Numbers.whole(text) : null;
            if (value != null && value > max) throw new Unfit("the largest is " + max);
            if (value == null || value < min) throw new Unfit("");
            if (powerOfTwo && Long.bitCount(value) != 1) throw new Unfit("");
            return value;
        }

        @Override
        public String wanted() {
            String number = powerOfTwo ? "a power of two" : "a whole number";
            return max >= Integer.MAX_VALUE ? number + " ≥ " + min : number + " from " + min + " to " + max;
        }

        @Override
        public String yaml(Object value) {
            return value.toString();
        }
    }

    /// A `Boolean`.
    record Flag() implements Kind {
        @Override
        public Boolean read(Node node) {
            return switch (scalar(node).toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on" -> true;
                case "false", "no", "off" -> false;
                default -> throw new Unfit("yes, on, no and off are taken as well");
            };
        }

        @Override
        public String wanted() {
            return "true or false";
        }

        @Override
        public String yaml(Object value) {
            return value.toString();
        }
    }

    /// A `String` that matches a pattern, described by `wanted`.
    record Text(String wanted, Pattern pattern) implements Kind {
        Text(String wanted, String pattern) {
            this(wanted, Pattern.compile(pattern));
        }

        @Override
        public String read(Node node) {
            String text = scalar(node);
            if (!pattern.matcher(text).matches()) throw new Unfit("");
            return text;
        }

        @Override
        public String yaml(Object value) {
            return YamlText.of((String) value);
        }
    }

    /// One of some words, a `String`.
    record Choice(List<String> words) implements Kind {
        @Override
        public String read(Node node) {
            String text = scalar(node);
            if (!words.contains(text)) {
                var near = Nearest.word(text, words);
                throw new Unfit(near.isPresent() ? "did you mean " + near.get() + "?" : "");
            }
            return text;
        }

        @Override
        public String wanted() {
            return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
        }

        @Override
        public String yaml(Object value) {
            return (String) value;
        }
    }

    /// A `List` of values of one kind, of a fixed `size` unless it is 0.
    record Several(Kind element, int size, boolean ascending) implements Kind {
        @Override
        public List<Object> read(Node node) {
            if (!(node instanceof Node.Sequence sequence)) throw new Unfit("write it as [a, b]");
            var values = new ArrayList<Object>();
            for (Node item : sequence.items()) {
                try {
                    values.add(element.read(item));
                } catch (Unfit unfit) {
                    throw new Unfit(item.shown() + " in it is not");
                }
            }
            if (size > 0 && values.size() != size) throw new Unfit("it has " + values.size() + " in it");
            for (int i = 1; ascending && i < values.size(); i++) {
                if ((Long) values.get(i) <= (Long) values.get(i - 1)) {
                    throw new Unfit(values.get(i) + " follows " + values.get(i - 1));
                }
            }
            return List.copyOf(values);
        }

        @Override
        public String wanted() {
            return "a list of " + (size > 0 ? size + " values" : "values")
                    + (ascending ? " in ascending order" : "") + ", each " + element.wanted();
        }

        @Override
        public String yaml(Object value) {
            return ((List<?>) value).stream().map(element::yaml).toList().toString();
        }
    }

    /// A list of auxiliary losses, `List<Auxiliary>`: maps with a `type` and that type's parameters.
    record Auxiliaries(AuxiliaryTypes.Side side) implements Kind {
        @Override
        public List<Auxiliary> read(Node node) {
            if (!(node instanceof Node.Sequence sequence)) {
                throw new Unfit("write it as [{type: NAME, weight: 1}, …]");
            }
            return sequence.items().stream().map(this::entry).toList();
        }

        private Auxiliary entry(Node item) {
            Map<String, Node> entries = switch (item) {
                case Node.Mapping map -> map.entries();
                case Node.Scalar type -> Map.of("type", type);
                case Node.Sequence list -> throw new Unfit("an entry is a list");
            };
            return AuxiliaryTypes.read(side, entries);
        }

        @Override
        public String wanted() {
            String types = String.join(", ", AuxiliaryTypes.names(side));
            return "a list of auxiliary losses, each with its type"
                    + (types.isEmpty() ? "" : " (" + types + ")");
        }

        @Override
        public String yaml(Object value) {
            return ((List<?>) value).isEmpty() ? "[]" : value.toString();
        }
    }

    private static String scalar(Node node) {
        if (!(node instanceof Node.Scalar scalar)) throw new Unfit("");
        if (scalar.isNothing()) throw new Unfit("leave the key out to get its default");
        return scalar.text();
    }
}
