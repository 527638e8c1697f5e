package wengert.tensor.cpu;

import wengert.tensor.spi.SpeedProbe.Speed;

/// Measures the machine: fused multiply-adds that wait for nothing but each other, and a copy larger than the
/// caches. The best of several short samples counts, since other programs can only slow a sample down.
final class Peak {
    /// Multiply-adds per chain in one sample, some tens of microseconds.
    private static final int ROUNDS = 10_000;
    /// Time for each of warm-up, one thread, all threads.
    private static final long NANOS = 60_000_000;
    /// Floats of a copy: 32 MiB.
    private static final int LARGE = 1 << 23;
    /// Longest wait for the compiler.
    private static final long PATIENCE = 3_000_000_000L;
    private static boolean warm;
    /// Keeps results alive.
    private static volatile float sink;

    private Peak() {
    }

    static synchronized Speed measure() {
        int threads = Parallel.threads();
        float[] start = new float[64];
        java.util.Arrays.fill(start, 0.5f);
        double perCall = flops(ROUNDS);
        int tiles = threads * 16;
        Runnable one = () -> sink = chains(ROUNDS, start);
        Runnable all = () -> Parallel.run(tiles, tile -> sink = chains(ROUNDS, start));
        warmUp(one);
        return new Speed(threads, perCall / best(one), tiles * perCall / best(all), bandwidth());
    }

    /// Runs a sample until it is compiled: much faster than at first, many times in a row.
    private static void warmUp(Runnable sample) {
        long begin = System.nanoTime();
        long first = 0;
        long now = begin;
        for (int fast = 0; !warm && fast < 50 && now - begin < PATIENCE;) {
            sample.run();
            long then = now;
            now = System.nanoTime();
            first = first == 0 ? now - then : first;
            fast = (now - then) * 5 < first ? fast + 1 : 0;
        }
        warm = true;
    }

    /// Seconds of the fastest run.
    private static double best(Runnable sample) {
        long begin = System.nanoTime();
        long best = Long.MAX_VALUE;
        long now = begin;
        while (now - begin < NANOS) {
            sample.run();
            long then = now;
            now = System.nanoTime();
            best = Math.min(best, now - then);
        }
        return best * 1e-9;
    }

    private static double flops(int rounds) {
        return Simd.PRESENT ? VectorPeak.flops(rounds) : 2.0 * 64 * rounds;
    }

    private static float chains(int rounds, float[] start) {
        return Simd.PRESENT ? VectorPeak.chains(rounds, start) : plain(rounds, start);
    }

    /// What plain loops can reach: 64 chains in an array.
    private static float plain(int rounds, float[] start) {
        float[] x = start.clone();
        for (int r = 0; r < rounds; r++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Math.fma(x[i], 0.5f, 0.25f);
            }
        }
        return x[0];
    }

    private static double bandwidth() {
        float[] x = new float[LARGE];
        float[] y = new float[LARGE];
        return 8.0 * LARGE / best(() -> Parallel.ranges(LARGE, 1 << 16,
                (from, to) -> System.arraycopy(x, from, y, from, to - from)));
    }
}
