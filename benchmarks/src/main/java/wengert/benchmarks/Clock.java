package wengert.benchmarks;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;

/// Times work in this JVM on a device that queues it: after a warm-up several samples, each of as many runs
/// as fill a moment, with one wait for the device at its end.
public final class Clock {
    private static final int MOST = 20_000;

    private final Backend backend;
    private final double warmup;
    private final double moment;
    private final int samples;

    /// @param device  that the work is done on
    /// @param warmup  seconds of runs before anything counts
    /// @param moment  seconds of a sample
    /// @param samples how many, of which the median counts
    public Clock(Device device, double warmup, double moment, int samples) {
        this.backend = device.backend();
        this.warmup = warmup;
        this.moment = moment;
        this.samples = samples;
    }

    /// Seconds of one run.
    public double seconds(Runnable work) {
        long end = System.nanoTime() + (long) (warmup * 1e9);
        double one;
        do {
            one = run(work, 1);
        } while (System.nanoTime() < end);
        int count = (int) Math.clamp(moment / one, 1, MOST);
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            times.add(run(work, count) / count);
        }
        return Stats.median(times);
    }

    private double run(Runnable work, int count) {
        backend.synchronize();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            work.run();
        }
        backend.synchronize();
        return (System.nanoTime() - start) * 1e-9;
    }
}
