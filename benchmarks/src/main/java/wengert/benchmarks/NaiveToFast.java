package wengert.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.SpeedProbe;
import wengert.tensor.spi.ThreadCount;

/// A matrix product C = A·B in six steps, from three plain loops to the engine's, each of which changes one
/// thing. What each step gains is what it was limited by. One thread, 1008×1008 (1024 would
/// let all rows meet in the same few lines of the cache), row by row. Start it with
/// `java --add-modules jdk.incubator.vector -cp benchmarks/target/wengert-benchmarks-0.1.0.jar
/// wengert.benchmarks.NaiveToFast`.
public final class NaiveToFast {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int N = 1008;
    /// Terms of a block: a panel of B of so many rows and [#COLUMNS] columns stays in the second-level cache.
    private static final int DEPTH = 252;
    private static final int COLUMNS = 336;
    private static final int RUNS = 5;

    private interface Product {
        void run(float[] a, float[] b, float[] c);
    }

    private NaiveToFast() {
    }

    /// Prints the table.
    ///
    /// @param args none
    public static void main(String[] args) {
        float[] a = numbers(1);
        float[] b = numbers(2);
        Device.CPU.backend().find(ThreadCount.class).threads(1);
        double peak = Device.CPU.backend().find(SpeedProbe.class).measure().oneThread();
        System.out.printf(Locale.ROOT, "%dx%d, one thread, measured peak %.0f GFLOP/s%n", N, N, peak * 1e-9);
        float[] right = new float[N * N];
        step("three loops, i j k", peak, a, b, right, right, NaiveToFast::threeLoops);
        float[] c = new float[N * N];
        step("reordered, i k j: rows are read in order", peak, a, b, c, right, NaiveToFast::reordered);
        step("vectors with fused multiply-add", peak, a, b, c, right, NaiveToFast::vectors);
        step("blocked: a part of B stays in the cache", peak, a, b, c, right, NaiveToFast::blocked);
        step("4 x 2 vectors of C stay in registers", peak, a, b, c, right, NaiveToFast::registers);
        Tensor x = Tensor.of(a, N, N);
        Tensor y = Tensor.of(b, N, N);
        step("the engine: B packed, tiles that fit the width", peak, a, b, c, c, (_, _, _) -> x.matmul(y));
    }

    private static void step(String name, double peak, float[] a, float[] b, float[] c, float[] right,
            Product product) {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            Arrays.fill(c, 0);
            long start = System.nanoTime();
            product.run(a, b, c);
            best = Math.min(best, System.nanoTime() - start);
        }
        for (int i = 0; i < c.length; i++) {
            if (Math.abs(c[i] - right[i]) > 1e-3f) {
                throw new AssertionError(name + ": element " + i + " is " + c[i] + ", not " + right[i]);
            }
        }
        double speed = 2.0 * N * N * N / best;
        System.out.printf(Locale.ROOT, "%-48s %8.1f ms %7.2f GFLOP/s %4.0f %%%n", name, best * 1e-6, speed,
                100 * speed * 1e9 / peak);
    }

    /// One element after the other. B is read down its columns: each step meets another cache line, and the
    /// sum waits for its last addition.
    private static void threeLoops(float[] a, float[] b, float[] c) {
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                float sum = 0;
                for (int k = 0; k < N; k++) {
                    sum += a[i * N + k] * b[k * N + j];
                }
                c[i * N + j] = sum;
            }
        }
    }

    /// The same with the two inner loops swapped: everything is read along rows, and no addition waits for
    /// another.
    private static void reordered(float[] a, float[] b, float[] c) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                float x = a[i * N + k];
                for (int j = 0; j < N; j++) {
                    c[i * N + j] += x * b[k * N + j];
                }
            }
        }
    }

    /// The compiler cannot know that C and B are different arrays, so it took one element after the other;
    /// and it may not make one instruction of multiply and add, since that rounds once, not twice.
    private static void vectors(float[] a, float[] b, float[] c) {
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < N; k++) {
                row(a[i * N + k], b, k * N, c, i * N, N);
            }
        }
    }

    /// B was read as a whole for each row of C; now a block of it, which fits the second-level cache, serves
    /// all rows first. By itself that is no gain where a large third-level cache feeds one core fast enough:
    /// the loads and stores of C are what limits, and now there are shorter rows. It pays with the next step.
    private static void blocked(float[] a, float[] b, float[] c) {
        for (int k0 = 0; k0 < N; k0 += DEPTH) {
            for (int j0 = 0; j0 < N; j0 += COLUMNS) {
                for (int i = 0; i < N; i++) {
                    for (int k = k0; k < k0 + DEPTH; k++) {
                        row(a[i * N + k], b, k * N + j0, c, i * N + j0, COLUMNS);
                    }
                }
            }
        }
    }

    private static void row(float x, float[] b, int bo, float[] c, int co, int n) {
        FloatVector xs = FloatVector.broadcast(S, x);
        for (int j = 0; j < n; j += L) {
            xs.fma(FloatVector.fromArray(S, b, bo + j), FloatVector.fromArray(S, c, co + j))
                    .intoArray(c, co + j);
        }
    }

    /// C was loaded and stored for every multiply-add. Eight sums in registers are loaded and stored once per
    /// block, and each vector of B serves four rows.
    private static void registers(float[] a, float[] b, float[] c) {
        for (int k0 = 0; k0 < N; k0 += DEPTH) {
            for (int j = 0; j < N; j += 2 * L) {
                for (int i = 0; i < N; i += 4) {
                    tile(a, i * N + k0, b, k0 * N + j, c, i * N + j);
                }
            }
        }
    }

    private static void tile(float[] a, int ao, float[] b, int bo, float[] c, int co) {
        FloatVector c00 = FloatVector.fromArray(S, c, co);
        FloatVector c01 = FloatVector.fromArray(S, c, co + L);
        FloatVector c10 = FloatVector.fromArray(S, c, co + N);
        FloatVector c11 = FloatVector.fromArray(S, c, co + N + L);
        FloatVector c20 = FloatVector.fromArray(S, c, co + 2 * N);
        FloatVector c21 = FloatVector.fromArray(S, c, co + 2 * N + L);
        FloatVector c30 = FloatVector.fromArray(S, c, co + 3 * N);
        FloatVector c31 = FloatVector.fromArray(S, c, co + 3 * N + L);
        for (int k = 0; k < DEPTH; k++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bo + k * N);
            FloatVector b1 = FloatVector.fromArray(S, b, bo + k * N + L);
            FloatVector x = FloatVector.broadcast(S, a[ao + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[ao + N + k]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[ao + 2 * N + k]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[ao + 3 * N + k]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c10.intoArray(c, co + N);
        c11.intoArray(c, co + N + L);
        c20.intoArray(c, co + 2 * N);
        c21.intoArray(c, co + 2 * N + L);
        c30.intoArray(c, co + 3 * N);
        c31.intoArray(c, co + 3 * N + L);
    }

    private static float[] numbers(long seed) {
        var random = new Random(seed);
        float[] x = new float[N * N];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextFloat() - 0.5f;
        }
        return x;
    }
}
