package wengert.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The sources of all modules; here, because this module is built last.
class SourcesTest {
    private static final Pattern SOURCE = Pattern.compile("\\.(java|cu|cuh|cpp|h)$");
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void linesAreAsTheEditorIsTold() throws IOException {
        var longest = Pattern.compile("max_line_length = (\\d+)")
                .matcher(Files.readString(ROOT.resolve(".editorconfig")));
        assertTrue(longest.find());
        int columns = Integer.parseInt(longest.group(1));
        List<Path> sources = sources();
        assertTrue(sources.size() > 500, () -> "only " + sources.size() + " sources");
        List<String> wrong = new ArrayList<>();
        for (Path source : sources) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                String fault = line.codePointCount(0, line.length()) > columns ? "is longer than " + columns
                        : line.indexOf('\t') >= 0 ? "holds a tab"
                        : line.endsWith(" ") ? "ends in a space" : null;
                if (fault != null) {
                    wrong.add(ROOT.relativize(source) + ":" + (i + 1) + " " + fault);
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : List.of("tensor", "autograd", "nn", "gan", "cuda-kernels", "benchmarks")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                files.filter(f -> SOURCE.matcher(f.toString()).find()).forEach(all::add);
            }
        }
        return all;
    }
}
