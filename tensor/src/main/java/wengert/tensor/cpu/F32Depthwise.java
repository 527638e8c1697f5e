package wengert.tensor.cpu;

import java.util.Arrays;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// Convolutions whose groups have one input channel and few output channels, and their two gradients. A
/// product would have one row, and strips that are nearly empty; instead, planes are prepared as for any
/// convolution ([Planes]) and rows of output are given the distance of the planes' rows. Then a tap meets a
/// whole plane at one constant distance, so each kernel is a few loops over whole planes:
///
/// - forward and data gradient: `y[i] = b + Σ_tap w[tap] · x[tap + i]`; what falls between two rows of output
///   is computed in vain and not stored. The data gradient does this phase by phase, as [Phases] says.
/// - weight gradient: `dw[tap] = Σ_i x[tap + i] · dy[i]`, dy being 0 between its rows.
final class F32Depthwise {
    private static final F32Windows WINDOWS = F32Windows.BEST;
    /// Loops run over multiples of this.
    private static final int ROUND = 32;
    /// Most numbers of a plane: it is prepared as a whole.
    private static final int MOST = 1 << 20;
    /// Multiply-adds that are worth a task.
    private static final int WORK = 1 << 16;

    private F32Depthwise() {
    }

    /// True if this is the better plan, for all three.
    static boolean suits(Window z) {
        return z.groups() > 1 && z.cg() == 1 && z.kg() <= 4
                && extent(z.p(), z.strideH(), z.r(), z.dilationH()) * extent(z.q(), z.strideW(), z.s(),
                z.dilationW()) <= MOST && (long) z.h() * z.w() <= MOST;
    }

    private static long extent(int pixels, int stride, int taps, int dilation) {
        return Math.min(1L << 30, (long) pixels * stride + (long) taps * dilation);
    }

    private static int round(int n) {
        return (n + ROUND - 1) / ROUND * ROUND;
    }

    /// Runs `planes` equal pieces of work, several to a task.
    private static void each(int planes, long work, Parallel.Tile body) {
        int together = (int) Math.max(1, Math.min(planes, WORK / Math.max(1, work)));
        Parallel.run((planes + together - 1) / together, t -> {
            for (int i = t * together; i < Math.min(planes, (t + 1) * together); i++) {
                body.run(i);
            }
        });
    }

    private static long work(Window z) {
        return (long) z.kg() * z.r() * z.s() * z.p() * z.q();
    }

    static void forward(Window z, float[] x, int xo, float[] w, int wo, F32Conv.Bias bias, float[] y,
            int yo) {
        Planes planes = F32Conv.splitPlanes(z, z.p());
        int[] taps = F32Conv.taps(z, planes);
        int size = planes.size() + 2 * ROUND;
        int n = round((z.p() - 1) * planes.columns() + z.q());
        each(z.n() * z.groups(), work(z), t -> {
            Scratch scratch = Scratch.mine();
            float[] prepared = scratch.floats(0, size);
            float[] out = scratch.floats(1, n);
            Arrays.fill(prepared, 0, size, 0f);
            planes.prepare(x, xo + t * z.h() * z.w(), 0, prepared, 0);
            for (int j = 0; j < z.kg(); j++) {
                int k = t % z.groups() * z.kg() + j;
                WINDOWS.taps(prepared, taps, w, wo + k * taps.length, taps.length, bias.number(k), out, 0, n);
                WINDOWS.block(out, 0, planes.columns(), y, yo + (t * z.kg() + j) * z.p() * z.q(), z.q(),
                        z.p(), z.q());
            }
        });
    }

    static void dataGradient(Window z, float[] dy, int yo, float[] w, int wo, F32Conv.Bias bias, float[] dx,
            int xo) {
        Phases phases = new Phases(z);
        Planes planes = new Planes(z.p(), z.q(), 1, 1, -phases.top(), -phases.left(),
                phases.height() + phases.down(), phases.width() + phases.right(), new int[1]);
        int[][] at = repeated(phases.taps(planes), z.kg(), planes.size());
        int[][] source = repeated(phases.sources(), z.kg(), z.r() * z.s());
        int size = z.kg() * planes.size() + 2 * ROUND;
        int n = round((phases.height() - 1) * planes.columns() + phases.width());
        int plane = z.p() * z.q();
        each(z.n() * z.groups(), work(z), t -> {
            Scratch scratch = Scratch.mine();
            float[] prepared = scratch.floats(0, size);
            float[] out = scratch.floats(1, at.length * n);
            float[] weights = scratch.floats(2, z.kg() * z.r() * z.s());
            Arrays.fill(prepared, 0, size, 0f);
            for (int j = 0; j < z.kg(); j++) {
                planes.prepare(dy, yo + (t * z.kg() + j) * plane, 0, prepared, j * planes.size());
            }
            int c = t % z.groups();
            for (int f = 0; f < at.length; f++) {
                for (int i = 0; i < at[f].length; i++) {
                    weights[i] = w[wo + c * z.kg() * z.r() * z.s() + source[f][i]];
                }
                WINDOWS.taps(prepared, at[f], weights, 0, at[f].length, bias.number(c), out, f * n, n);
            }
            weave(z, out, n, planes.columns(), dx, xo + t * z.h() * z.w());
        });
    }

    /// Each list `times` times, every next copy `step` higher.
    private static int[][] repeated(int[][] lists, int times, int step) {
        int[][] all = new int[lists.length][];
        for (int f = 0; f < all.length; f++) {
            int n = lists[f].length;
            all[f] = new int[times * n];
            for (int i = 0; i < all[f].length; i++) {
                all[f][i] = lists[f][i % n] + i / n * step;
            }
        }
        return all;
    }

    /// One plane of dx out of its phases, each `size` numbers with rows of `columns`.
    private static void weave(Window z, float[] phases, int size, int columns, float[] dx, int to) {
        int stride = z.strideW();
        for (int a = 0; a < z.strideH(); a++) {
            int from = a * stride * size;
            int start = to + a * z.w();
            int rows = (z.h() - a + z.strideH() - 1) / z.strideH();
            if (stride == 1) {
                WINDOWS.block(phases, from, columns, dx, start, z.strideH() * z.w(), rows, z.w());
            } else if (stride == 2 && z.w() % 2 == 0) {
                WINDOWS.weave(phases, from, from + size, columns, dx, start, z.strideH() * z.w(), rows,
                        z.w() / 2);
            } else {
                for (int i = 0; i < rows; i++) {
                    for (int v = 0; v < z.w(); v++) {
                        dx[start + i * z.strideH() * z.w() + v] =
                                phases[from + v % stride * size + i * columns + v / stride];
                    }
                }
            }
        }
    }

    /// A task owns a group and goes through all images, so sums are the same whatever the threads.
    static void weightGradient(Window z, float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        Planes planes = F32Conv.splitPlanes(z, z.p());
        int[] taps = F32Conv.taps(z, planes);
        int size = planes.size() + 2 * ROUND;
        int n = round((z.p() - 1) * planes.columns() + z.q());
        int plane = z.p() * z.q();
        each(z.groups(), z.n() * work(z), g -> {
            Scratch scratch = Scratch.mine();
            float[] prepared = scratch.floats(0, size);
            float[] spread = scratch.floats(1, n);
            float[] sums = scratch.floats(2, z.kg() * taps.length * ROUND);
            Arrays.fill(prepared, 0, size, 0f);
            Arrays.fill(spread, 0, n, 0f);
            Arrays.fill(sums, 0, z.kg() * taps.length * ROUND, 0f);
            for (int i = 0; i < z.n(); i++) {
                planes.prepare(x, xo + (i * z.groups() + g) * z.h() * z.w(), 0, prepared, 0);
                for (int j = 0; j < z.kg(); j++) {
                    WINDOWS.block(dy, yo + ((i * z.groups() + g) * z.kg() + j) * plane, z.q(), spread, 0,
                            planes.columns(), z.p(), z.q());
                    WINDOWS.dots(prepared, taps, spread, n, sums, j * taps.length * ROUND);
                }
            }
            for (int i = 0; i < z.kg() * taps.length; i++) {
                float sum = 0;
                for (int lane = 0; lane < ROUND; lane++) {
                    sum += sums[i * ROUND + lane];
                }
                dw[wo + g * z.kg() * taps.length + i] = sum;
            }
        });
    }
}
