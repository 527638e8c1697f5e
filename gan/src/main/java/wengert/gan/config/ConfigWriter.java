package wengert.gan.config;

import java.util.ArrayList;
import java.util.List;

/// Writes the merged configuration as nested YAML: above each key what it means and takes, behind it where
/// its value comes from.
final class ConfigWriter {
    private static final int WIDTH = 88;

    private final RunConfig config;
    private final StringBuilder out = new StringBuilder();

    ConfigWriter(RunConfig config) {
        this.config = config;
    }

    String write() {
        out.append("""
                # The merged configuration: every setting, what it means [what it takes], and after its
                # value where that comes from. Change one with --set, such as --set loss=hinge, or write
                # what differs into a file of your own that begins with 'base: dcgan'.
                """);
        String[] before = {};
        for (RunConfig.Entry entry : config.entries()) {
            String[] path = entry.key().name.split("\\.");
            int shared = 0;
            int groups = Math.min(path.length, before.length) - 1;
            while (shared < groups && path[shared].equals(before[shared])) shared++;
            if (shared == 0) out.append('\n');
            for (int depth = shared; depth < path.length - 1; depth++) {
                out.append("  ".repeat(depth)).append(path[depth]).append(":\n");
            }
            key(entry, path[path.length - 1], "  ".repeat(path.length - 1));
            before = path;
        }
        return out.toString();
    }

    private void key(RunConfig.Entry entry, String name, String indent) {
        comment(indent, entry.key());
        if (config.value(entry.key().name) instanceof List<?> list && !list.isEmpty()
                && list.getFirst() instanceof Auxiliary) {
            origin(indent + name + ":", entry.origin());
            for (Object item : list) auxiliary((Auxiliary) item, indent + "  ");
        } else {
            origin(indent + name + ": " + entry.value(), entry.origin());
        }
    }

    private void auxiliary(Auxiliary loss, String indent) {
        comment(indent, List.of(AuxiliaryTypes.meaning(loss.type()).split(" ")));
        out.append(indent).append("- type: ").append(loss.type()).append('\n');
        loss.parameters().forEach((parameter, value) -> {
            Key key = AuxiliaryTypes.parameter(loss.type(), parameter);
            comment(indent + "  ", key);
            out.append(indent).append("  ").append(parameter).append(": ").append(key.kind.yaml(value));
            out.append('\n');
        });
    }

    private void origin(String line, String origin) {
        out.append(line).append(" ".repeat(Math.max(2, 40 - line.length()))).append("# ")
                .append(origin.replaceAll("[^ -~\\p{L}\\p{N}]", "?")).append('\n');
    }

    private void comment(String indent, Key key) {
        var words = new ArrayList<>(List.of(key.meaning.split(" ")));
        // What it takes stays in one piece, unless it is a long list.
        String takes = "[" + key.wanted().replaceFirst("^(a|one of) ", "") + "]";
        if (takes.length() < 60) words.add(takes);
        else words.addAll(List.of(takes.split(" ")));
        comment(indent, words);
    }

    private void comment(String indent, List<String> words) {
        String start = indent + "#";
        int column = start.length();
        out.append(start);
        for (String word : words) {
            if (column + 1 + word.length() > WIDTH && column > start.length()) {
                out.append('\n').append(start);
                column = start.length();
            }
            out.append(' ').append(word);
            column += 1 + word.length();
        }
        out.append('\n');
    }
}
