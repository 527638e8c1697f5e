package wengert.tensor.cpu;

import java.util.Arrays;

/// Sums over stretches of floats, in double, element i in lane i mod 8: the inner loops of [Folds] and [F32Softmax]. Vectors of
/// doubles hold the same eight lanes, so plain and vector loops of every width give the same bits.
final class Sums {
    static final int LANES = 8;

    private Sums() {
    }

    /// Σ x.
    static double sum(float[] x, int at, int n) {
        double[] l = Scratch.mine().doubles(4, LANES);
        Arrays.fill(l, 0, LANES, 0);
        int done = Simd.PRESENT ? VectorSums.sum(x, at, n, l) : 0;
        for (int i = done; i < n; i++) {
            l[i % LANES] += x[at + i];
        }
        return Folds.lanes(l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]);
    }

    /// Σ x·y; the products are exact in double.
    static double dot(float[] x, int xo, float[] y, int yo, int n) {
        double[] l = Scratch.mine().doubles(4, LANES);
        Arrays.fill(l, 0, LANES, 0);
        int done = Simd.PRESENT ? VectorSums.dot(x, xo, y, yo, n, l) : 0;
        for (int i = done; i < n; i++) {
            l[i % LANES] += (double) x[xo + i] * y[yo + i];
        }
        return Folds.lanes(l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]);
    }
}
