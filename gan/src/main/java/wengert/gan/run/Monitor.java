package wengert.gan.run;

import java.nio.file.Path;
import wengert.gan.report.LogEntry;

/// Who watches a run: a progress bar, a test, an application.
public interface Monitor {
    /// An iteration is done, or on a device with memory of its own: queued. Its losses are in the next line
    /// of the log.
    ///
    /// @param done   iterations of the run so far
    /// @param images real images seen in this iteration
    default void iteration(int done, int images) {
    }

    /// A line has been added to the log.
    default void logged(LogEntry entry) {
    }

    /// Something the user should know.
    default void note(String text) {
    }

    /// A file of the run has been written.
    default void wrote(Path file) {
    }

    /// True to finish after the current iteration, with a checkpoint.
    default boolean stop() {
        return false;
    }
}
