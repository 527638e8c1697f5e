package wengert.tensor.cpu;

import wengert.tensor.spi.ReduceKind;

/// How floating numbers fold, whatever their layout. Element e of a fold goes to lane e mod 8 of its block of
/// 1024; lanes add up in double; the lanes of a block join pairwise, and the blocks in a binary tree. So a
/// sum depends on its elements' order alone: not on strides, threads or vector width. The rounding error of
/// an f32 sum is that of its last rounding.
final class Folds {
    /// Elements per block, a power of two.
    static final int BLOCK = 1024;
    /// Lanes per block.
    static final int LANES = Sums.LANES;

    private Folds() {
    }

    /// Folds one block of at most [#BLOCK] adjacent elements.
    static double block(ReduceKind kind, float[] x, int at, int n) {
        return switch (kind) {
            case SUM -> Sums.sum(x, at, n);
            case MAX, MIN -> extreme(kind, x, at, n);
        };
    }

    private static float extreme(ReduceKind kind, float[] x, int at, int n) {
        if (Simd.PRESENT && n >= Species.LANES) {
            return VectorSums.extreme(kind == ReduceKind.MAX, x, at, n);
        }
        float best = x[at];
        for (int i = 1; i < n; i++) {
            best = kind == ReduceKind.MAX ? Math.max(best, x[at + i]) : Math.min(best, x[at + i]);
        }
        return best;
    }

    /// Folds one block of at most [#BLOCK] adjacent elements.
    static double block(ReduceKind kind, double[] x, int at, int n) {
        return switch (kind) {
            case SUM -> sum(x, at, n);
            case MAX -> {
                double best = x[at];
                for (int i = 1; i < n; i++) {
                    best = Math.max(best, x[at + i]);
                }
                yield best;
            }
            case MIN -> {
                double best = x[at];
                for (int i = 1; i < n; i++) {
                    best = Math.min(best, x[at + i]);
                }
                yield best;
            }
        };
    }

    private static double sum(double[] x, int at, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int end = at + n;
        int i = at;
        for (; i <= end - LANES; i += LANES) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
            s4 += x[i + 4];
            s5 += x[i + 5];
            s6 += x[i + 6];
            s7 += x[i + 7];
        }
        int left = end - i;
        s0 += left > 0 ? x[i] : 0;
        s1 += left > 1 ? x[i + 1] : 0;
        s2 += left > 2 ? x[i + 2] : 0;
        s3 += left > 3 ? x[i + 3] : 0;
        s4 += left > 4 ? x[i + 4] : 0;
        s5 += left > 5 ? x[i + 5] : 0;
        s6 += left > 6 ? x[i + 6] : 0;
        return lanes(s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// The eight lanes of a block as one number.
    static double lanes(double s0, double s1, double s2, double s3, double s4, double s5, double s6,
            double s7) {
        return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }

    /// Two partial results as one.
    static double join(ReduceKind kind, double a, double b) {
        return switch (kind) {
            case SUM -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    /// Joins partial results, added one by one, like a binary counter: level l holds the fold of 2^l of them.
    static final class Tree {
        private final ReduceKind kind;
        private final double[] levels = new double[32];
        private int count;

        Tree(ReduceKind kind) {
            this.kind = kind;
        }

        void add(double value) {
            int level = 0;
            for (int c = count++; (c & 1) != 0; c >>= 1) {
                value = join(kind, levels[level++], value);
            }
            levels[level] = value;
        }

        /// The fold of all; 0 of nothing.
        double total() {
            double sum = 0;
            boolean any = false;
            for (int level = 0; count >> level != 0; level++) {
                if ((count >> level & 1) != 0) {
                    sum = any ? join(kind, levels[level], sum) : levels[level];
                    any = true;
                }
            }
            return sum;
        }
    }
}
