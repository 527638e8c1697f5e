package wengert.tensor.cpu;

import java.util.Arrays;

/// Sums over stretches of floats, in double, element i in lane i mod 8: the inner loops of [Folds] and of
/// batch norm. Vectors of doubles hold the same eight lanes, so plain and vector loops of every width give
/// the same bits.
final class Sums {
    static final int LANES = 8;

    private Sums() {
    }

    /// Σ x.
    static double sum(float[] x, int at, int n) {
        double[] lanes = lanes();
        int done = Simd.PRESENT ? VectorSums.sum(x, at, n, lanes) : 0;
        for (int i = done; i < n; i++) {
            lanes[i % LANES] += x[at + i];
        }
        return fold(lanes, 0);
    }

    /// Σ (x − shift) and Σ (x − shift)².
    static void moments(float[] x, int at, int n, double shift, double[] two) {
        double[] lanes = lanes();
        int done = Simd.PRESENT ? VectorSums.moments(x, at, n, shift, lanes) : 0;
        for (int i = done; i < n; i++) {
            double d = x[at + i] - shift;
            lanes[i % LANES] += d;
            lanes[LANES + i % LANES] = Math.fma(d, d, lanes[LANES + i % LANES]);
        }
        two[0] = fold(lanes, 0);
        two[1] = fold(lanes, LANES);
    }

    /// Σ dy and Σ dy·(x − shift).
    static void products(float[] x, int xo, float[] dy, int yo, int n, double shift, double[] two) {
        double[] lanes = lanes();
        int done = Simd.PRESENT ? VectorSums.products(x, xo, dy, yo, n, shift, lanes) : 0;
        for (int i = done; i < n; i++) {
            double g = dy[yo + i];
            lanes[i % LANES] += g;
            lanes[LANES + i % LANES] = Math.fma(x[xo + i] - shift, g, lanes[LANES + i % LANES]);
        }
        two[0] = fold(lanes, 0);
        two[1] = fold(lanes, LANES);
    }

    private static double[] lanes() {
        double[] lanes = Scratch.mine().doubles(4, 2 * LANES);
        Arrays.fill(lanes, 0, 2 * LANES, 0);
        return lanes;
    }

    private static double fold(double[] l, int at) {
        return ((l[at] + l[at + 4]) + (l[at + 2] + l[at + 6]))
                + ((l[at + 1] + l[at + 5]) + (l[at + 3] + l[at + 7]));
    }
}
