package wengert.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.SpeedProbe;
import wengert.tensor.spi.View;

/// The kernels that decide how long a training step takes, as a table: `name, median ms, GFLOP/s, % of peak`.
/// Half a minute on a quiet machine; for numbers to trust use [MatmulBench] and [ConvBench].
public final class KernelTable {
    private static final String[] LAYERS = {"64,32,128,4,2,1", "128,16,256,4,2,1", "256,8,512,4,2,1",
        "64,16,128,4,2,1", "128,8,256,4,2,1", "1,32,64,4,2,1"};
    private static final long WARM_UP = 400_000_000;
    private static final long MEASURE = 300_000_000;

    private KernelTable() {
    }

    /// Prints the table.
    ///
    /// @param args none
    public static void main(String[] args) {
        Backend backend = Device.CPU.backend();
        SpeedProbe.Speed speed = backend.find(SpeedProbe.class).measure();
        double peak = speed.allThreads();
        System.out.printf(Locale.ROOT, "%s: peak %.0f GFLOP/s (one thread %.0f), memory %.0f GB/s%n",
                backend.description(), peak / 1e9, speed.oneThread() / 1e9, speed.bytesPerSecond() / 1e9);
        System.out.printf("%-34s %10s %9s %7s%n", "name", "median ms", "GFLOP/s", "% peak");
        for (int n : new int[] {256, 1024}) {
            View a = Layer.random(n, n);
            View b = Layer.random(n, n);
            View y = Layer.random(n, n);
            line("matmul " + n + "^3", 2.0 * n * n * n, peak, () -> backend.matmul(a, b, y));
        }
        for (String text : LAYERS) {
            Layer layer = new Layer(text);
            line("conv " + text, layer.flops(), peak, layer::forward);
            line("  data gradient", layer.flops(), peak, layer::dataGradient);
            line("  weight gradient", layer.flops(), peak, layer::weightGradient);
        }
    }

    private static void line(String name, double flops, double peak, Runnable kernel) {
        run(kernel, WARM_UP);
        double seconds = run(kernel, MEASURE);
        System.out.printf(Locale.ROOT, "%-34s %10.3f %9.1f %7.1f%n", name, seconds * 1e3,
                flops / seconds * 1e-9, 100 * flops / seconds / peak);
    }

    /// Median seconds of a call, over as many calls as fit in the time, at least 5.
    private static double run(Runnable kernel, long nanos) {
        long[] times = new long[1 << 16];
        int n = 0;
        long start = System.nanoTime();
        while (n < 5 || n < times.length && System.nanoTime() - start < nanos) {
            long t = System.nanoTime();
            kernel.run();
            times[n++] = System.nanoTime() - t;
        }
        Arrays.sort(times, 0, n);
        return times[n / 2] * 1e-9;
    }
}
