package wengert.benchmarks;

import java.util.List;

/// Statistics of samples.
public final class Stats {
    private Stats() {
    }

    /// The middle one.
    public static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    /// The value below which a share of all lies: 0 for the smallest, 1 for the largest.
    public static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = share * (sorted.size() - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.size() - 1);
        return sorted.get(low) + (at - low) * (sorted.get(high) - sorted.get(low));
    }
}
