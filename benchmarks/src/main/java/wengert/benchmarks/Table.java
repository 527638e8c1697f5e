package wengert.benchmarks;

import java.util.List;
import java.util.Locale;

/// Results as lines of text.
public final class Table {
    static final String HEAD = String.format("%-27s %9s %9s %15s %6s %8s", "name", "median ms", "min ms",
            "speed", "% peak", "peak MB");
    private final Machine machine;

    Table(Machine machine) {
        this.machine = machine;
    }

    /// This project's line, and one for each peer, with the ratio ours / peer and its range over all rounds.
    String row(Workload w, List<Result> results) {
        Result mine = results.getFirst();
        if (mine.failure() != null) {
            return w.name() + "  failed: " + mine.failure();
        }
        double speed = w.amount() / mine.median();
        var text = new StringBuilder(String.format(Locale.ROOT, "%-27s %9s %9s %7s %-7s %6.0f %8s", w.name(),
                millis(mine.median()), millis(mine.min()), digits(speed * 1e-9), w.unit(),
                100 * speed / machine.best(w.limit()), digits(mine.megabytes())));
        for (Result peer : results.subList(1, results.size())) {
            text.append('\n').append(peer.failure() != null
                    ? "  " + peer.engine() + " failed: " + peer.failure()
                    : String.format(Locale.ROOT, "  %-25s %9s %9s  ours/it %.2f (%.2f to %.2f) %8s",
                            peer.engine(), millis(peer.median()), millis(peer.min()), mine.ratio(peer),
                            mine.ratio(peer, 0), mine.ratio(peer, 1), digits(peer.megabytes())));
        }
        return text.toString();
    }

    /// Seconds as milliseconds with three digits or more.
    public static String millis(double seconds) {
        double ms = seconds * 1e3;
        return String.format(Locale.ROOT, ms < 10 ? "%.3f" : ms < 100 ? "%.2f" : "%.1f", ms);
    }

    /// With one digit behind the point where the number is small.
    public static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
    }
}
