package wengert.gan.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads YAML into [Node]s: texts stay texts, so that the schema, not YAML, decides whether `no` is a name, a
/// number or an answer.
///
/// It works on parser events, which keeps lines and quotes and needs no stack for deep nesting. Anchors,
/// aliases and tags are refused: `base:` and the schema do what they would do, and cannot explode.
final class Yaml {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 16;

    private final String source;
    private final Deque<Open> open = new ArrayDeque<>();
    private Node root;
    private int documents;

    private Yaml(String source) {
        this.source = source;
    }

    /// Collects the parts of a map or list whose end has not been seen yet.
    private static final class Open {
        final boolean isMap;
        final int line;
        final Map<String, Node> entries = new LinkedHashMap<>();
        final Map<String, Integer> lines = new HashMap<>();
        final List<Node> items = new ArrayList<>();
        String key;

        Open(boolean isMap, int line) {
            this.isMap = isMap;
            this.line = line;
        }

        Node close() {
            return isMap ? new Node.Mapping(entries, lines, line) : new Node.Sequence(items, line);
        }
    }

    /// @param text   one YAML document
    /// @param source its file, for messages
    /// @return its root; an empty map for an empty text
    /// @throws ConfigException if it is no YAML, or holds a key twice in one map
    static Node parse(String text, String source) {
        if (text.length() > MAX_LENGTH) {
            throw new ConfigException("a configuration of at most %,d characters is wanted, %,d came — %s"
                    .formatted(MAX_LENGTH, text.length(), source));
        }
        var reader = new Yaml(source);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(source).build();
            new ParserImpl(settings, new StreamReader(settings, text)).forEachRemaining(reader::take);
        } catch (MarkedYamlEngineException e) {
            String at = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1) + ", column "
                    + (mark.getColumn() + 1)).orElse("");
            throw new ConfigException("no valid YAML: " + e.getProblem().strip() + " — " + source + at
                    + " — check blanks (no tabs), colons, brackets and quotes there");
        } catch (YamlEngineException e) {
            throw new ConfigException("no valid YAML: " + e.getMessage().strip().lines().findFirst()
                    .orElse("")
                    + " — " + source + " — write it as plain UTF-8 text");
        }
        return reader.root != null ? reader.root : new Node.Mapping(Map.of(), Map.of(), 1);
    }

    private void take(Event event) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        if (event instanceof AliasEvent || event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw refused(line, "anchors and aliases (&, *) are not supported",
                    "use 'base:' to share settings");
        }
        switch (event) {
            case DocumentStartEvent start -> {
                if (documents++ > 0) throw refused(line, "one document is wanted, a second one came",
                        "split it");
            }
            case CollectionStartEvent start -> {
                untagged(start.getTag().isPresent(), line);
                if (open.size() == MAX_DEPTH) {
                    throw refused(line, "nesting of at most " + MAX_DEPTH + " is wanted, more came",
                            "flatten it");
                }
                if (!open.isEmpty() && open.peek().isMap && open.peek().key == null) {
                    throw refused(line, "a text is wanted as key, a list or a map came",
                            "check brackets there");
                }
                open.push(new Open(start instanceof MappingStartEvent, line));
            }
            case CollectionEndEvent end -> put(open.pop().close());
            case ScalarEvent scalar -> {
                untagged(scalar.getTag().isPresent(), line);
                Open inside = open.peek();
                if (inside != null && inside.isMap && inside.key == null) {
                    key(inside, scalar.getValue(), line);
                } else {
                    put(new Node.Scalar(scalar.getValue(), scalar.isPlain(), line));
                }
            }
            default -> { }
        }
    }

    private void key(Open map, String key, int line) {
        Integer before = map.lines.putIfAbsent(key, line);
        if (before != null) {
            throw new ConfigException("'" + key + "' stands twice in one map — " + source + ", lines "
                    + before
                    + " and " + line + " — keep one of them");
        }
        map.key = key;
    }

    private void put(Node value) {
        Open inside = open.peek();
        if (inside == null) {
            root = value;
        } else if (inside.isMap) {
            inside.entries.put(inside.key, value);
            inside.key = null;
        } else {
            inside.items.add(value);
        }
    }

    private void untagged(boolean tagged, int line) {
        if (tagged) throw refused(line, "tags (!) are not supported",
                "leave it out: the key decides the type");
    }

    private ConfigException refused(int line, String what, String todo) {
        return new ConfigException(what + " — " + source + ":" + line + " — " + todo);
    }
}
