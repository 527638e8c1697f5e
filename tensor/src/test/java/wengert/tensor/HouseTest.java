package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The house of this module: which package may name which. Every arrow points downwards.
class HouseTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern PACKAGE =
            Pattern.compile("\\b(wengert\\.tensor(?:\\.[a-z]\\w*)*|jdk\\.incubator)\\.[A-Zv*]");

    private static final String SPI = "wengert.tensor.spi";
    private static final String OPS = "wengert.tensor.ops";
    private static final String TENSOR = "wengert.tensor";
    private static final Map<String, Set<String>> MAY_NAME = Map.of(
            SPI, Set.of(),
            "wengert.tensor.reference", Set.of(SPI),
            "wengert.tensor.shapes", Set.of(SPI),
            "wengert.tensor.cpu", Set.of(SPI, "jdk.incubator"),
            OPS, Set.of(SPI),
            TENSOR, Set.of(SPI, OPS),
            "wengert.tensor.io", Set.of(SPI, OPS, TENSOR),
            "wengert.tensor.catalog", Set.of(SPI, OPS, TENSOR));

    @Test
    void everyArrowPointsDownwards() throws IOException {
        var upwards = new ArrayList<String>();
        var seen = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                Path folder = SOURCES.relativize(file.getParent());
                if (!folder.toString().isEmpty()) {
                    String home = folder.toString().replace(folder.getFileSystem().getSeparator(), ".");
                    seen.add(home);
                    named(Files.readString(file)).stream().filter(other -> !allowed(home, other))
                            .forEach(other -> upwards.add(SOURCES.relativize(file) + " names " + other));
                }
            }
        }
        assertFalse(seen.isEmpty(), "no sources below " + SOURCES.toAbsolutePath());
        assertEquals(List.of(), upwards);
    }

    @Test
    void importsAndQualifiedNamesCountButCommentsDoNot() {
        assertEquals(List.of("wengert.tensor", SPI, "jdk.incubator", OPS), named("""
                import static wengert.tensor.Axes.NONE;
                import wengert.tensor.spi.*;
                import jdk.incubator.vector.FloatVector;
                /// see [wengert.tensor.io.Png]
                class A { wengert.tensor.ops.Op op; } // not wengert.tensor.io.Npy
                """));
        assertFalse(allowed(SPI, OPS));
        assertFalse(allowed("wengert.tensor.unheardof", SPI), "a new package needs its line in the table");
    }

    private static boolean allowed(String home, String other) {
        return home.equals(other) || MAY_NAME.getOrDefault(home, Set.of()).contains(other);
    }

    private static List<String> named(String source) {
        var names = new ArrayList<String>();
        Matcher match = PACKAGE.matcher(source.replaceAll("//.*", ""));
        while (match.find()) {
            names.add(match.group(1));
        }
        return names;
    }
}
