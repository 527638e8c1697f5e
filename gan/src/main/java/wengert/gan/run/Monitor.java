package wengert.gan.run;

import java.nio.file.Path;
import java.util.Map;
import wengert.gan.report.LogEntry;

/// Who watches a run: a progress bar, a test, an application.
public interface Monitor {
    /// An iteration is done.
    ///
    /// @param done   iterations of the run so far
    /// @param images real images seen in this iteration
    /// @param losses by name
    default void iteration(int done, int images, Map<String, Double> losses) {
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
