package wengert.gan.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The settings of one source, by full key, not typed yet.
///
/// @param settings in the order of the source
record Layer(List<Raw> settings) {
    /// One setting as it stands. `key` is a key of the schema, or `SIDE.auxiliary.TYPE.PARAMETER`, which
    /// changes one parameter of an entry that is there already.
    ///
    /// @param origin where it stands, for messages
    record Raw(String key, Node node, String origin) {
        /// The key of the schema.
        Key target() {
            Key key = Schema.find(this.key);
            return key != null ? key : Schema.find(auxiliary(this.key).group(1));
        }

        boolean changesEntry() {
            return Schema.find(key) == null;
        }
    }

    private static final Pattern AUXILIARY =
            Pattern.compile("((?:generator|discriminator)\\.auxiliary)\\.([^.]+)\\.([^.]+)");
    private static final Pattern KIND_AND_DIRECTORY = Pattern.compile("(\\w{2,}):(.*)");

    /// `SIDE.auxiliary` as group 1, `TYPE` as 2 and `PARAMETER` as 3; or null.
    static Matcher auxiliary(String key) {
        Matcher matcher = AUXILIARY.matcher(key);
        return matcher.matches() ? matcher : null;
    }

    /// Collects the settings of one source and what is wrong with their keys.
    static final class Builder {
        private final Map<String, Raw> settings = new LinkedHashMap<>();
        private final List<String> problems;
        private final boolean lastWins;

        /// @param lastWins whether a key may be given again (on a command line) or not (in a file)
        Builder(List<String> problems, boolean lastWins) {
            this.problems = problems;
            this.lastWins = lastWins;
        }

        Layer build() {
            return new Layer(List.copyOf(settings.values()));
        }

        /// The settings of a map whose key is `prefix` without its final dot.
        Builder map(Node.Mapping map, String prefix, String file) {
            map.entries().forEach((key, node) -> {
                String name = prefix + key;
                String origin = file + ":" + map.lines().get(key);
                boolean group = Schema.isGroup(name);
                if (node instanceof Node.Mapping inner && (group || !inner.entries().isEmpty()
                        && (Schema.find(name) == null || name.endsWith(".auxiliary")))) {
                    map(inner, name + ".", file);
                } else {
                    add(name, node, origin);
                }
            });
            return this;
        }

        /// `key=value` as on a command line.
        Builder assignment(String text, String origin) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                problems.add(origin + ": key=value is wanted, '" + text
                        + "' came — for example optimizer.generator.lr=1e-4");
                return this;
            }
            return value(text.substring(0, equals).strip(), text.substring(equals + 1).strip(), origin);
        }

        Builder value(String name, String text, String origin) {
            Key key = Schema.find(Schema.full(name));
            boolean list = key != null
                    && (key.kind instanceof Kind.Several || key.kind instanceof Kind.Auxiliaries);
            add(name, list ? list(text, origin) : new Node.Scalar(text, text.isEmpty(), 0), origin);
            return this;
        }

        /// `[a, b]`, `a,b` or `{type: a}`.
        private static Node list(String text, String origin) {
            if (text.isEmpty()) return new Node.Scalar(text, true, 0);
            if (text.startsWith("[")) return Yaml.parse(text, origin);
            if (text.startsWith("{")) return new Node.Sequence(List.of(Yaml.parse(text, origin)), 0);
            var items = new ArrayList<Node>();
            for (String item : text.split(",", -1)) items.add(new Node.Scalar(item.strip(), true, 0));
            return new Node.Sequence(items, 0);
        }

        private void add(String name, Node node, String origin) {
            String full = Schema.full(name);
            if (Schema.find(full) == null && auxiliary(full) == null) {
                problems.add(unknown(name, node) + " — " + origin);
            } else if (full.equals("data.source") && node instanceof Node.Scalar source) {
                data(source, origin);
            } else {
                put(new Raw(full, node, origin));
            }
        }

        private static String unknown(String name, Node node) {
            if (Schema.isGroup(name)) {
                return "'" + name + "' is a group of keys, " + node.shown() + " came; set one of its keys: "
                        + String.join(", ", Schema.keys().stream().map(key -> key.name)
                        .filter(key -> key.startsWith(name + ".")).limit(4).toList()) + ", …";
            }
            List<String> nearest = Schema.nearest(name);
            return "there is no key " + new Node.Scalar(name, false, 0).shown() + "; "
                    + (nearest.isEmpty() ? "'wengert config' lists all keys"
                    : "did you mean " + String.join(" or ", nearest) + "?");
        }

        /// `folder:photos` sets the kind and the directory.
        private void data(Node.Scalar source, String origin) {
            Matcher both = KIND_AND_DIRECTORY.matcher(source.text());
            if (both.matches()) {
                String directory = both.group(2);
                put(new Raw("data.source", new Node.Scalar(both.group(1), false, 0), origin));
                put(new Raw("data.path", new Node.Scalar(directory, directory.isEmpty(), 0), origin));
            } else if (source.text().matches(".*[/\\\\~.].*")) {
                String path = source.text();
                problems.add(("data.source: a kind and its directory are wanted, %1$s came — %2$s — write"
                        + " folder:%1$s for image files, idx:%1$s for IDX files or cifar10:%1$s for CIFAR-10")
                        .formatted(path, origin));
            } else {
                put(new Raw("data.source", source, origin));
            }
        }

        private void put(Raw raw) {
            Raw before = settings.remove(raw.key);
            settings.put(raw.key, raw);
            if (before != null && !lastWins) {
                problems.add("'" + raw.key + "' is set twice — " + before.origin + " and " + raw.origin
                        + " — keep one of them");
            }
        }
    }
}
