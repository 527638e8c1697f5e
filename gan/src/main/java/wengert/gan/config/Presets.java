package wengert.gan.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The configurations that are shipped, as YAML files among the resources.
public final class Presets {
    /// The preset that is used where none is named.
    public static final String DEFAULT = "dcgan";

    private static final List<String> NAMES =
            List.of(DEFAULT, "tiny", "conditional", "hinge", "lsgan", "mmgen-dcgan", "r1", "wgan", "wgan-gp");

    private Presets() {}

    /// Their names, the default one first.
    public static List<String> names() {
        return NAMES;
    }

    /// What the preset is, in one line: the first line of its file.
    public static String meaning(String name) {
        return text(name).lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
    }

    /// The YAML of a preset.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public static String text(String name) {
        if (!NAMES.contains(name)) throw new IllegalArgumentException("no preset is called '" + name + "'");
        try (InputStream in = Presets.class.getResourceAsStream("/wengert/gan/presets/" + name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
