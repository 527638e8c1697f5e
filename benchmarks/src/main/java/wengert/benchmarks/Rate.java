package wengert.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Adds two columns to a throughput benchmark: GFLOP/s or GB/s, and percent of what [Machine] measures just
/// before.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Rate {
    /// 10⁹ operations or bytes; JMH divides by the time.
    public double giga;
    /// Percent of a second that it would take at best; JMH divides by the time.
    public double percentOfPeak;

    private Machine machine;

    /// Measures the machine.
    @Setup(Level.Trial)
    public void measure() throws InterruptedException {
        machine = Machine.measure(Runtime.getRuntime().availableProcessors());
    }

    /// Starts an iteration from nothing.
    @Setup(Level.Iteration)
    public void reset() {
        giga = 0;
        percentOfPeak = 0;
    }

    /// Counts one call.
    void add(double amount, Workload.Limit limit) {
        giga += amount * 1e-9;
        percentOfPeak += 100 * amount / machine.best(limit);
    }
}
