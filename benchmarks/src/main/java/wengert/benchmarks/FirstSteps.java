package wengert.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How long the first runs take in a JVM that has just started, where nothing is compiled yet: what a user
/// waits for, and from when on it runs at full speed.
final class FirstSteps {
    private static final int SHOWN = 20;
    private static final int LATER = 20;

    private FirstSteps() {
    }

    static void print(Workload w, int threads, PrintStream out) throws IOException {
        try (var remote = new Remote(new Wengert(), w.name(), threads)) {
            remote.load();
            remote.prepare();
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < SHOWN + LATER; i++) {
                seconds.add(remote.time(1));
            }
            double settled = Stats.median(seconds.subList(SHOWN, SHOWN + LATER));
            out.printf(Locale.ROOT, "%n%s: runs %d to %d take %s ms; the first ones, in ms:%n", w.name(),
                    SHOWN + 1, SHOWN + LATER, Table.millis(settled));
            for (int i = 0; i < SHOWN; i++) {
                out.printf(Locale.ROOT, "%3d %9s%s%n", i + 1, Table.millis(seconds.get(i)),
                        seconds.get(i) < 1.15 * settled ? "" : "  " + "#".repeat((int) Math.min(50,
                                Math.round(5 * seconds.get(i) / settled))));
            }
        }
    }
}
