package wengert.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// What one engine needed for one workload. Sample i was taken in the same round as sample i of every other
/// engine.
final class Result {
    private final Engine engine;
    private final List<Double> seconds = new ArrayList<>();
    private String failure;
    private long bytes;

    Result(Engine engine) {
        this.engine = engine;
    }

    void add(double sample) {
        seconds.add(sample);
    }

    void fail(String why) {
        failure = why;
    }

    void holds(long more) {
        bytes = Math.max(bytes, more);
    }

    String engine() {
        return engine.name();
    }

    /// PyTorch in either layout is one peer.
    String peer() {
        return engine.name().split("-")[0];
    }

    /// Why there is no result; null if there is one.
    String failure() {
        return failure;
    }

    /// Seconds of a run.
    double median() {
        return Stats.median(seconds);
    }

    double min() {
        return Stats.quantile(seconds, 0);
    }

    double megabytes() {
        return bytes * 1e-6;
    }

    /// This one's median over the other's.
    double ratio(Result other) {
        return median() / other.median();
    }

    /// The smallest or largest ratio of two samples of the same round.
    ///
    /// @param end 0 for the smallest, 1 for the largest
    double ratio(Result other, int end) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(seconds.size(), other.seconds.size()); i++) {
            ratios.add(seconds.get(i) / other.seconds.get(i));
        }
        return Stats.quantile(ratios, end);
    }
}
