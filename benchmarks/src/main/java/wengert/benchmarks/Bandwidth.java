package wengert.benchmarks;

/// How fast memory is: a = b + 3·c (STREAM's triad) on three arrays of 256 MiB, far larger than the caches,
/// on all threads. Counted are the 12 bytes that the loop names; what the hardware reads of a line before it
/// writes to it is not.
final class Bandwidth {
    private static final int LENGTH = 1 << 26;
    private static final int RUNS = 5;

    private Bandwidth() {
    }

    /// Bytes per second of the best of a few runs.
    static double measure(int threads) throws InterruptedException {
        float[][] arrays = new float[3][LENGTH];
        double best = Double.POSITIVE_INFINITY;
        for (int run = 0; run < RUNS; run++) {
            var crew = new Thread[threads];
            long start = System.nanoTime();
            for (int t = 0; t < threads; t++) {
                int from = (int) ((long) LENGTH * t / threads);
                int to = (int) ((long) LENGTH * (t + 1) / threads);
                crew[t] = Thread.ofPlatform().start(() -> triad(arrays[0], arrays[1], arrays[2], from, to));
            }
            for (Thread t : crew) {
                t.join();
            }
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return 12.0 * LENGTH / best;
    }

    private static void triad(float[] a, float[] b, float[] c, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = b[i] + 3f * c[i];
        }
    }
}
