package wengert.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wengert.tensor.Generator;
import wengert.tensor.Memory;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;

/// Does a long training stay as fast and as small as it began? Ten thousand steps of a small GAN (32 × 32,
/// widths 8, 4, 4). Every 100 steps a fixed kernel, a product of 256³, is timed for calibration, since
/// machines drift: what counts is a step's time over that kernel's. Prints both, live heap and pool for every
/// thousand, and the last thousand against the first, after a warm-up of a thousand more: the compiler is
/// busy for some seconds.
///
/// ```text
/// java --add-modules jdk.incubator.vector -cp … wengert.benchmarks.Endurance [STEPS]
/// ```
public final class Endurance {
    private static final int BLOCK = 100;

    private Endurance() {
    }

    /// @param args number of steps, 10000 if there is none
    public static void main(String[] args) {
        int steps = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        if (steps < 10 * BLOCK) {
            throw new IllegalArgumentException("endurance: expected at least " + 10 * BLOCK + " steps, got "
                    + steps);
        }
        int blocks = steps / BLOCK;
        List<Double> relative = new ArrayList<>();
        Runnable step = new Gans(64, 1, false, false, 8, 4, 4);
        Tensor a = Generator.seeded(1).stream("calibration").normal(256, 256);
        for (int i = 0; i < 10 * BLOCK; i++) {
            step.run();
            calibrate(a);
        }
        System.out.printf("%8s %12s %14s %10s %10s%n", "step", "step ms", "of calibration", "heap kB",
                "pool kB");
        for (int b = 0; b < blocks; b++) {
            List<Double> stepTimes = new ArrayList<>();
            List<Double> kernelTimes = new ArrayList<>();
            for (int i = 0; i < BLOCK; i++) {
                stepTimes.add(time(step));
                if (i % 5 == 0) {
                    kernelTimes.add(time(() -> calibrate(a)));
                }
            }
            relative.add(Stats.median(stepTimes) / Stats.median(kernelTimes));
            if ((b + 1) % 10 == 0) {
                System.gc();
                Runtime r = Runtime.getRuntime();
                System.out.printf(Locale.ROOT, "%8d %12.3f %14.2f %10d %10d%n", (b + 1) * BLOCK,
                        Stats.median(stepTimes) * 1e3, Stats.median(relative.subList(b - 9, b + 1)),
                        (r.totalMemory() - r.freeMemory()) >> 10,
                        Memory.cachedBytes() + Memory.liveBytes() >> 10);
            }
        }
        double first = Stats.median(relative.subList(0, 10));
        double last = Stats.median(relative.subList(blocks - 10, blocks));
        System.out.printf(Locale.ROOT, "last thousand over first: %.3f%n", last / first);
    }

    private static void calibrate(Tensor a) {
        try (var scope = Scope.open("calibration")) {
            a.matmul(a);
        }
    }

    private static double time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }
}
