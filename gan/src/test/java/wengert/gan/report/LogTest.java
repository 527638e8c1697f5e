package wengert.gan.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    @TempDir
    private Path dir;
    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("log.jsonl");
    }

    @Test
    void entriesAreWrittenAsLinesOfJsonAndReadBack() throws IOException {
        var losses = new LinkedHashMap<String, Double>();
        losses.put("loss_disc_fake", 0.5);
        losses.put("loss_disc_real", 0.25);
        losses.put("loss_gen", Double.NaN);
        var rates = Map.of("generator", 2e-4);
        write(0, new LogEntry(10, 2.5, 256, losses, rates));
        assertEquals("{\"step\":10,\"time\":2.5,\"images_per_second\":256.0,\"losses\":{"
                + "\"loss_disc_fake\":0.5,\"loss_disc_real\":0.25,\"loss_gen\":null},"
                + "\"lr\":{\"generator\":2.0E-4}}\n",
                Files.readString(file));
        LogEntry back = RunLog.read(file).entries().getFirst();
        assertEquals(new LogEntry(10, 2.5, 256, losses, rates), back);
        assertEquals(0.75, back.discriminatorLoss());
        assertTrue(Double.isNaN(back.generatorLoss()));
    }

    @Test
    void aResumedRunCutsWhatCameAfterItsStep() throws IOException {
        write(0, entry(10), entry(20), entry(30), entry(40));
        write(25, entry(30));
        assertEquals(List.of(10L, 20L, 30L), steps());
        write(30, entry(40));
        assertEquals(List.of(10L, 20L, 30L, 40L), steps());
        write(0);
        assertEquals(0, Files.size(file));
    }

    @Test
    void aLastLineTornAnywhereIsDroppedWithANote() throws IOException {
        write(0, entry(10), entry(20));
        byte[] whole = Files.readAllBytes(file);
        int second = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int length = second + 1; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            RunLog log = RunLog.read(file);
            assertEquals(List.of(entry(10)), log.entries());
            assertEquals(List.of("line 2 of log.jsonl was cut off by a crash and is left out"),
                    log.notes());
            try (var writer = LogWriter.open(file, 20)) {
                assertEquals(log.notes(), writer.notes());
                writer.write(entry(20));
            }
            assertEquals(new String(whole, StandardCharsets.UTF_8), Files.readString(file));
        }
    }

    @Test
    void aTailOfZeroBytesIsDropped() throws IOException {
        write(0, entry(10));
        Files.write(file, new byte[5000], StandardOpenOption.APPEND);
        assertEquals(List.of(10L), steps());
        write(10, entry(20));
        assertEquals(List.of(10L, 20L), steps());
    }

    @Test
    void aLineThatHoldsNoEntryIsLeftOutWithANoteAndKeptInTheFile() throws IOException {
        write(0, entry(10));
        String damage = "{\"step\":11}\n[]\n{\"step\":1,\"step\":2}\n" + "x".repeat(100_000) + "\n\n";
        Files.writeString(file, damage, StandardOpenOption.APPEND);
        write(10, entry(20));
        RunLog log = RunLog.read(file);
        assertEquals(List.of(entry(10), entry(20)), log.entries());
        assertEquals(5, log.notes().size());
        assertEquals("line 2 of log.jsonl holds no log entry and is left out", log.notes().getFirst());
        assertTrue(Files.readString(file).contains(damage));
    }

    private void write(long step, LogEntry... entries) throws IOException {
        try (var writer = LogWriter.open(file, step)) {
            for (LogEntry entry : entries) writer.write(entry);
            writer.sync();
        }
    }

    private List<Long> steps() throws IOException {
        return RunLog.read(file).entries().stream().map(LogEntry::step).toList();
    }

    private static LogEntry entry(long step) {
        return new LogEntry(step, step / 4.0, 250 + step, Map.of("loss_gen", 1.0 / step),
                Map.of("generator", 1e-4));
    }
}
