package wengert.gan.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Finds presets and files, follows their `base:`, and gives their layers, bases first.
final class Loader {
    private static final int MAX_BYTES = 4 << 20;

    private final List<String> problems;
    private final List<Layer> layers = new ArrayList<>();
    /// What is being read, from the first file to the innermost base, to notice a circle.
    private final List<String> chain = new ArrayList<>();

    Loader(List<String> problems) {
        this.problems = problems;
    }

    List<Layer> layers() {
        return layers;
    }

    /// @param what      a preset's name or a file
    /// @param directory what a relative file name is relative to; null in a preset, which knows presets only
    /// @param asked     who asked for it, for messages; empty for the user
    void load(String what, Path directory, String asked) {
        if (Presets.names().contains(what)) {
            read(Presets.text(what), "preset " + what, "preset " + what, null);
            return;
        }
        Path file = directory == null ? null : resolve(directory, what);
        if (file == null || !Files.isRegularFile(file)) {
            boolean missing = file != null && !Files.exists(file) && what.matches(".*(\\.ya?ml|[/\\\\].*)");
            throw new ConfigException("a preset or a YAML file is wanted, '" + what + "' is "
                    + (missing ? "not there" : "neither")
                    + (asked.isEmpty() ? "" : " — " + asked) + " — "
                    + Nearest.word(what, Presets.names()).map(near -> "did you mean " + near + "? ")
                    .orElse("")
                    + "Presets: " + String.join(", ", Presets.names()));
        }
        Path parent = file.toAbsolutePath().normalize().getParent();
        read(text(file), file.toAbsolutePath().normalize().toString(), file.toString(), parent);
    }

    private void read(String yaml, String identity, String label, Path directory) {
        if (chain.contains(identity)) {
            throw new ConfigException("base: it goes round in a circle: " + String.join(" → ", chain) + " → "
                    + identity + " — take one of these bases out");
        }
        chain.add(identity);
        if (!(Yaml.parse(yaml, label) instanceof Node.Mapping root)) {
            throw new ConfigException("keys with values are wanted, such as 'steps: 1000', something else"
                    + " came — " + label);
        }
        Node base = root.entries().get("base");
        if (base != null) {
            String origin = label + ":" + root.lines().get("base");
            List<Node> bases = base instanceof Node.Sequence list ? list.items() : List.of(base);
            for (Node one : bases) {
                if (!(one instanceof Node.Scalar name) || name.isNothing()) {
                    throw new ConfigException("base: a preset, a file or a list of them is wanted, "
                            + one.shown()
                            + " came — " + origin);
                }
                load(name.text(), directory, origin);
            }
        }
        var own = new LinkedHashMap<>(root.entries());
        own.remove("base");
        layers.add(new Layer.Builder(problems, false)
                .map(new Node.Mapping(own, root.lines(), root.line()), "", label).build());
        chain.removeLast();
    }

    static ConfigException unreadable(Path file, IOException e) {
        return new ConfigException("the file cannot be read ("
                + (e instanceof AccessDeniedException ? "no permission" : e) + ") — " + file);
    }

    private static Path resolve(Path directory, String what) {
        try {
            return directory.resolve(what);
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ConfigException("a configuration of at most " + MAX_BYTES
                        + " bytes is wanted, more came — " + file);
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException notUtf8) {
            throw new ConfigException("UTF-8 text is wanted, other bytes came — " + file
                    + " — save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
