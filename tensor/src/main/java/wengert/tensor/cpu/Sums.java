package wengert.tensor.cpu;

import java.util.Arrays;

/// Sums over stretches of floats, in double, element i in lane i mod 8: the inner loops of [Folds] and
/// [F32Softmax]. Vectors of doubles hold the same eight lanes, so plain and vector loops of every width give
/// the same bits.
final class Sums {
    static final int LANES = 8;

    private Sums() {
    }

    /// Σ x.
    static double sum(float[] x, int at, int n) {
        double[] l = Scratch.mine().doubles(4, LANES);
        Arrays.fill(l, 0, LANES, 0);
        int done = Simd.PRESENT ? VectorSums.sum(x, at, n, l) : plain(x, at, n, l);
        for (int i = done; i < n; i++) {
            l[i % LANES] += x[at + i];
        }
        return Folds.lanes(l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]);
    }

    /// All whole eights, in variables: what goes through an array waits for it.
    private static int plain(float[] x, int at, int n, double[] lanes) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int end = n & -LANES;
        for (int i = at; i < at + end; i += LANES) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
            s4 += x[i + 4];
            s5 += x[i + 5];
            s6 += x[i + 6];
            s7 += x[i + 7];
        }
        lanes[0] = s0;
        lanes[1] = s1;
        lanes[2] = s2;
        lanes[3] = s3;
        lanes[4] = s4;
        lanes[5] = s5;
        lanes[6] = s6;
        lanes[7] = s7;
        return end;
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
