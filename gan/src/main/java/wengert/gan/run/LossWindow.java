package wengert.gan.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.gan.report.LogEntry;

/// Losses since the last line of the log: each one's mean over the iterations that had it.
final class LossWindow {
    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private long images;
    private long nanos;

    /// @param losses of iterations
    /// @param seen   real images in them
    /// @param took   nanoseconds
    void add(List<Map<String, Double>> losses, int seen, long took) {
        losses.forEach(iteration -> iteration.forEach((name, value) -> {
            double[] sum = sums.computeIfAbsent(name, _ -> new double[2]);
            sum[0] += value;
            sum[1]++;
        }));
        images += seen;
        nanos += took;
    }

    /// The window as a line of the log; a new window begins.
    ///
    /// @param seconds since the run, or its resumption, began
    LogEntry close(int step, double seconds, Map<String, Double> rates) {
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
        var entry = new LogEntry(step, seconds, images * 1e9 / Math.max(1, nanos), means, rates);
        sums.clear();
        images = 0;
        nanos = 0;
        return entry;
    }
}
