package wengert.gan.report;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/// Shows how far a run is: in a terminal one bar that stays in its line, anywhere else one plain line for
/// each entry of the log.
/// ```java
/// try (var progress = Progress.open(System.out, Progress.isTerminal(), 0, 1000)) {
///     for (long step = 1; step <= 1000; step++) {
///         …
///         progress.step(step);
///         if (step % 10 == 0) progress.entry(entry);
///     }
/// }
/// ```
public final class Progress implements AutoCloseable {
    private static final int WIDTH = 80;

    private final PrintStream out;
    private final long first;
    private final long last;
    private final long start = System.nanoTime();
    /// Null where there is no terminal.
    private final ProgressBar bar;
    private final Line line;
    private double generatorLoss = Double.NaN;

    /// @param columns the terminal's; one is left free, for a full line makes some terminals go to the next
    Progress(PrintStream out, boolean terminal, int columns, long first, long last) {
        this.out = out;
        this.first = first;
        this.last = last;
        this.line = new Line(out, columns - 1);
        this.bar = !terminal ? null : new ProgressBarBuilder().setInitialMax(last)
                .startsFrom(first, Duration.ZERO).setUpdateIntervalMillis(200).continuousUpdate()
                .setConsumer(line).setRenderer(new Renderer(out.charset().newEncoder().canEncode('█')))
                .build();
    }

    /// Begins to show.
    ///
    /// @param out      where to
    /// @param terminal whether a person looks at it: a bar, otherwise lines
    /// @param first    iterations done before, by the run that is resumed
    /// @param last     iterations there will be
    public static Progress open(PrintStream out, boolean terminal, long first, long last) {
        return new Progress(out, terminal, terminal ? Math.min(WIDTH, columns()) : WIDTH, first, last);
    }

    /// Whether standard output is a terminal that can move its cursor.
    public static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /// The terminal's width, or the usual one where it cannot be asked. The library's own way to ask takes
    /// over a second and loads native code.
    private static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
            try (var answer = stty.inputReader()) {
                String[] rowsAndColumns = Objects.requireNonNullElse(answer.readLine(), "").split(" ");
                int columns = Integer.parseInt(rowsAndColumns[rowsAndColumns.length - 1]);
                return columns >= 20 ? columns : WIDTH;
            }
        } catch (IOException | NumberFormatException noTerminal) {
            return WIDTH;
        }
    }

    /// One iteration is done.
    ///
    /// @param step iterations done so far
    public void step(long step) {
        if (bar != null) bar.stepTo(step);
    }

    /// New numbers: shown beside the bar, or as a line of their own. Where the generator has not been trained
    /// since the entry before, its loss stays as it was.
    public void entry(LogEntry entry) {
        if (Double.isFinite(entry.generatorLoss())) generatorLoss = entry.generatorLoss();
        String numbers = String.format(Locale.ROOT, "%.0f images/s  D %s  G %s", entry.imagesPerSecond(),
                loss(entry.discriminatorLoss()), loss(generatorLoss));
        if (bar != null) {
            bar.setExtraMessage(numbers);
        } else {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            out.printf(Locale.ROOT, "step %d/%d  %d%%  %s  %s%n", entry.step(), last,
                    100 * entry.step() / last, left(elapsed, first, entry.step(), last), numbers);
        }
    }

    /// Says something, above the bar.
    public void note(String message) {
        line.print(message);
    }

    /// Leaves the bar as it is and goes to the next line.
    @Override
    public void close() {
        if (bar != null) bar.close();
        // The library leaves the line open if it ends before it has drawn twice.
        line.close();
    }

    private static String loss(double d) {
        if (!Double.isFinite(d)) return "–";
        double size = Math.abs(d);
        return String.format(Locale.ROOT,
                size < 10 ? "%.3f" : size < 100 ? "%.2f" : size < 1e5 ? "%.0f" : "%.0e", d);
    }

    /// `1:25 left`, from the mean speed so far.
    private static String left(Duration elapsed, long first, long step, long last) {
        if (step <= first) return "-:-- left";
        long seconds = Math.round(elapsed.toMillis() / 1000.0 * (last - step) / (step - first));
        return seconds < 3600 ? "%d:%02d left".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d left".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /// ` 42% ████▌      420/1000  1:25 left  512 images/s  D 1.230  G 0.987`; the bar takes what is left
    /// over.
    private record Renderer(boolean blocks) implements ProgressBarRenderer {
        @Override
        public String render(ProgressState state, int width) {
            String head = "%3d%% ".formatted((int) (100 * state.getNormalizedProgress()));
            String tail = "  " + state.getCurrent() + "/" + state.getMax() + "  "
                    + left(state.getElapsedAfterStart(), state.getStart(), state.getCurrent(), state.getMax())
                    + "  " + state.getExtraMessage();
            int room = Math.max(0, width - head.length() - tail.length());
            String line = head + bar(room, state.getNormalizedProgress()) + tail;
            return line.substring(0, Math.min(line.length(), width));
        }

        private String bar(int room, double share) {
            int eighths = (int) (8 * room * share);
            if (!blocks) return ("=".repeat(eighths / 8) + " ".repeat(room)).substring(0, room);
            String filled = "█".repeat(eighths / 8) + " ▏▎▍▌▋▊▉".charAt(eighths % 8);
            return (filled + " ".repeat(room)).substring(0, room);
        }
    }

    /// The line that is written over again and again.
    private static final class Line implements ProgressBarConsumer {
        private final PrintStream out;
        private final int width;
        private boolean open;

        Line(PrintStream out, int width) {
            this.out = out;
            this.width = width;
        }

        @Override
        public int getMaxRenderedLength() {
            return width;
        }

        @Override
        public synchronized void accept(String line) {
            out.print("\r" + padded(line));
            out.flush();
            open = true;
        }

        synchronized void print(String message) {
            out.println(open ? "\r" + padded(message) : message);
            open = false;
        }

        @Override
        public synchronized void close() {
            if (open) out.println();
            open = false;
        }

        private String padded(String text) {
            return text + " ".repeat(Math.max(0, width - text.length()));
        }
    }
}
