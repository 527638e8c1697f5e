package wengert.gan.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import wengert.tensor.io.Json;

/// Appends to a run's `log.jsonl`: one JSON object per line,
/// `{"step":10,"time":2.5,"images_per_second":256.0,"losses":{…},"lr":{…}}`.
///
/// A line is written at once, so a crash can cut off the last line at most; opening the log again drops it.
public final class LogWriter implements AutoCloseable {
    private final FileChannel channel;
    private final List<String> notes;

    private LogWriter(FileChannel channel, List<String> notes) {
        this.channel = channel;
        this.notes = notes;
    }

    /// Opens the log of a run that goes on after `step` iterations; creates it where there is none. What
    /// stands behind that step is cut off: the run will write it again.
    ///
    /// @param step 0 for a new run
    /// @throws IOException if the file cannot be read or written
    public static LogWriter open(Path file, long step) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var notes = new ArrayList<String>();
            long end = channel.size();
            for (RunLog.Line line : RunLog.lines(file)) {
                if (!line.whole() || line.entry() != null && line.entry().step() > step) {
                    if (!line.whole()) notes.add(line.note(file));
                    end = line.start();
                    break;
                }
                if (line.entry() == null) notes.add(line.note(file));
            }
            channel.truncate(end).position(end);
            return new LogWriter(channel, List.copyOf(notes));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// What was found damaged on opening, in sentences for the user.
    public List<String> notes() {
        return notes;
    }

    /// Appends one line.
    ///
    /// @throws IOException if it cannot be written, such as on a full disk
    public void write(LogEntry entry) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((Json.write(entry.toJson()) + '\n')
                .getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) channel.write(line);
    }

    /// Waits until all lines are on the disk, such as before a checkpoint that they lead up to.
    ///
    /// @throws IOException if the disk refuses
    public void sync() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
