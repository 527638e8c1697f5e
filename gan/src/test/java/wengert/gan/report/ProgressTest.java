package wengert.gan.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void withoutATerminalEachEntryIsAPlainLine() {
        try (var progress = Progress.open(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, 0,
                1000)) {
            for (long step = 1; step <= 20; step++) progress.step(step);
            progress.entry(entry(10, 0.987));
            progress.note("checkpoint written");
            progress.entry(entry(20, Double.NaN));
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.getFirst()
                .matches("step 10/1000  1%  \\d+:\\d\\d left  512 images/s  D 1\\.230  G 0\\.987"),
                lines.getFirst());
        assertEquals("checkpoint written", lines.get(1));
        assertTrue(lines.get(2).endsWith("G 0.987"), "the generator was not trained, its loss stays");
        assertTrue(lines.stream().noneMatch(line -> line.contains("\r") || line.contains("\u001b")));
    }

    @ParameterizedTest
    @CsvSource({"80,UTF-8", "80,US-ASCII", "40,UTF-8", "20,UTF-8"})
    void inATerminalTheBarStaysInOneLine(int columns, String charset) {
        try (var out = new PrintStream(bytes, true, Charset.forName(charset));
                var progress = new Progress(out, true, columns, 999_000, 1_000_000)) {
            progress.step(999_500);
            progress.entry(entry(999_500, 123.456));
            progress.note("checkpoint written");
        }
        String[] drawn = bytes.toString(Charset.forName(charset)).split("[\r\n]+");
        assertTrue(List.of(drawn).stream().anyMatch(line -> line.strip().equals("checkpoint written")),
                () -> List.of(drawn).toString());
        for (String line : drawn) assertTrue(line.length() < columns || line.contains("checkpoint"), line);
        String last = drawn[drawn.length - 1];
        assertTrue(last.startsWith(" 99% "), last);
        if (columns == 80) {
            assertTrue(last.contains(charset.equals("UTF-8") ? "█" : "=") || last.length() < 79, last);
            assertTrue(last.matches(".*999500/1000000  \\d+:\\d\\d left  512 images/s  D 1\\.230  G 123 *"),
                    last);
            assertEquals(79, last.length());
        }
        assertTrue(bytes.toString(Charset.forName(charset)).endsWith(System.lineSeparator()));
    }

    private static LogEntry entry(long step, double generator) {
        return new LogEntry(step, 1, 512.4, Map.of("loss_disc_fake", 0.6, "loss_disc_real", 0.63, "loss_gen",
                generator), Map.of());
    }
}
