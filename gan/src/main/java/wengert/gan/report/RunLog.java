package wengert.gan.report;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wengert.tensor.io.FormatException;
import wengert.tensor.io.Json;

/// A run's log as read from `log.jsonl`.
///
/// @param entries those that can be read, in the order of the file
/// @param notes   what could not be read, in sentences for the user
public record RunLog(List<LogEntry> entries, List<String> notes) {
    /// No entry is near as long; anything longer is damage.
    private static final int MAX_LINE = 1 << 16;

    /// Reads a log. A last line without its end, which a crash leaves behind, is dropped with a note; so is
    /// any other line that holds no entry.
    ///
    /// @throws IOException if the file cannot be read
    public static RunLog read(Path file) throws IOException {
        var entries = new ArrayList<LogEntry>();
        var notes = new ArrayList<String>();
        for (Line line : lines(file)) {
            if (line.entry != null) entries.add(line.entry);
            else notes.add(line.note(file));
        }
        return new RunLog(List.copyOf(entries), List.copyOf(notes));
    }

    /// One line of the file.
    ///
    /// @param number from 1
    /// @param start  offset of its first byte
    /// @param whole  whether it ends with a line feed
    /// @param entry  null if it holds none, or is not whole
    record Line(int number, long start, boolean whole, LogEntry entry) {
        String note(Path file) {
            return "line " + number + " of " + file.getFileName()
                    + (whole ? " holds no log entry" : " was cut off by a crash") + " and is left out";
        }
    }

    static List<Line> lines(Path file) throws IOException {
        var lines = new ArrayList<Line>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            var bytes = new ByteArrayOutputStream();
            long start = 0;
            long at = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                at++;
                if (b != '\n') {
                    // A longer line is no entry in any case; only its place matters.
                    if (bytes.size() <= MAX_LINE) bytes.write(b);
                    continue;
                }
                lines.add(new Line(lines.size() + 1, start, true, entry(bytes.toByteArray(), file)));
                bytes.reset();
                start = at;
            }
            if (at > start) lines.add(new Line(lines.size() + 1, start, false, null));
        }
        return lines;
    }

    private static LogEntry entry(byte[] line, Path file) {
        try {
            return LogEntry.of(Json.parse(line, MAX_LINE, file.toString()));
        } catch (FormatException noJson) {
            return null;
        }
    }
}
