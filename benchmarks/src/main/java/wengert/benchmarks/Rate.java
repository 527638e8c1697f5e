package wengert.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.SpeedProbe;

/// Adds two columns to a throughput benchmark: GFLOP/s, and percent of the peak that [SpeedProbe] measures on
/// all threads just before.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Rate {
    /// GFLOP done; JMH divides by the time.
    public double gflops;
    /// Percent of a second that the peak would have taken; JMH divides by the time.
    public double percentOfPeak;

    private double peak;

    /// Measures the peak.
    @Setup(Level.Trial)
    public void measure() {
        peak = Device.CPU.backend().find(SpeedProbe.class).measure().allThreads();
    }

    /// Starts an iteration from nothing.
    @Setup(Level.Iteration)
    public void reset() {
        gflops = 0;
        percentOfPeak = 0;
    }

    /// Counts one call.
    void add(double flops) {
        gflops += flops * 1e-9;
        percentOfPeak += 100 * flops / peak;
    }
}
