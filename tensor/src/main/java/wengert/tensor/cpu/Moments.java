package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Mean and variance over axes, in one pass: sums of distances from the first number, and of their squares,
/// in double. What is subtracted at the end is small unless the first number lies far off, in units of σ;
/// then the pass is repeated around the mean found. Parts have fixed borders, and fold as [Folds] says.
final class Moments {
    /// Elements of a part: as many blocks as a power of two.
    private static final int PART = 64 * Folds.BLOCK;
    /// Elements worth a tile.
    private static final int GRAIN = 16_384;
    /// Results side by side.
    private static final int SIDE = 256;

    private final Object x;
    private final Walk fold;
    private final int n;
    /// Share of the squares below which what is left of them after the subtraction has lost too many digits.
    private final double least;

    private Moments(View x, Walk fold) {
        this.x = x.storage().data();
        this.fold = fold;
        this.n = fold.length();
        this.least = x.dtype() == DType.F32 ? 1e-6 : 0.5;
    }

    static void variance(View x, double divisor, View mean, View var) {
        int[] kept = x.shape().toArray();
        int[] folded = kept.clone();
        for (int a = 0; a < kept.length; a++) {
            boolean along = mean.shape().size(a) == 1;
            kept[a] = along ? 1 : kept[a];
            folded[a] = along ? folded[a] : 1;
        }
        Walk from = Walk.of(kept, x.strides(), x.offset());
        Walk fold = Walk.of(folded, x.strides(), 0);
        Walk toMean = Walk.of(mean);
        Walk toVar = Walk.of(var);
        if (fold.length() == 0) {
            Copies.fill(mean, Double.NaN);
            Copies.fill(var, 0 / divisor);
            return;
        }
        Moments m = new Moments(x, fold);
        Put put = (i, center, squares) -> {
            Reductions.set(mean.storage().data(), toMean.position(i), center);
            Reductions.set(var.storage().data(), toVar.position(i), squares / divisor);
        };
        int results = toMean.length();
        int inner = from.rank() - 1;
        if (from.step(inner) == 1 && from.size(inner) >= 8 && !(fold.contiguous() && m.n > 1)) {
            m.columns(from, results, put);
        } else if (results < 2 * Parallel.threads() && m.n > PART) {
            for (int i = 0; i < results; i++) {
                m.row(from.position(i), true, i, put);
            }
        } else {
            Parallel.ranges(results, Math.max(1, GRAIN / m.n), (start, end) -> {
                for (int i = start; i < end; i++) {
                    m.row(from.position(i), false, i, put);
                }
            });
        }
    }

    /// Takes result i.
    private interface Put {
        void run(int i, double mean, double squares);
    }

    private double get(int at) {
        return x instanceof float[] f ? f[at] : ((double[]) x)[at];
    }

    /// @param split whether parts go to several threads
    private void row(int base, boolean split, int i, Put put) {
        double guess = get(base);
        double[] s = sums(base, guess, split);
        if (s[1] - s[0] * s[0] / n < least * s[1]) {
            guess += s[0] / n;
            s = sums(base, guess, split);
        }
        put.run(i, guess + s[0] / n, Math.max(s[1] - s[0] * s[0] / n, 0));
    }

    private double[] sums(int base, double guess, boolean split) {
        int parts = (n + PART - 1) / PART;
        double[] sums = new double[2 * parts];
        if (split) {
            Parallel.run(parts, t -> part(base, guess, t, sums));
        } else {
            for (int t = 0; t < parts; t++) {
                part(base, guess, t, sums);
            }
        }
        return parts == 1 ? sums : joined(sums, parts);
    }

    private static double[] joined(double[] sums, int parts) {
        Folds.Tree first = new Folds.Tree(ReduceKind.SUM);
        Folds.Tree second = new Folds.Tree(ReduceKind.SUM);
        for (int t = 0; t < parts; t++) {
            first.add(sums[2 * t]);
            second.add(sums[2 * t + 1]);
        }
        return new double[] {first.total(), second.total()};
    }

    private void part(int base, double guess, int t, double[] sums) {
        int end = Math.min(n, (t + 1) * PART);
        int blocks = (end - t * PART + Folds.BLOCK - 1) / Folds.BLOCK;
        double[] all = new double[2 * blocks];
        double[] lanes = Scratch.mine().doubles(4, 16);
        for (int b = 0; b < blocks; b++) {
            int i = t * PART + b * Folds.BLOCK;
            int count = Math.min(Folds.BLOCK, end - i);
            Object block = x;
            int at = base + fold.position(i);
            if (!fold.adjacent(i, count)) {
                block = Scratch.mine().block(0, x instanceof float[] ? DType.F32 : DType.F64);
                at = 0;
                fold.load(x, base, i, count, block, 0);
            }
            block(block, at, count, guess, lanes);
            all[2 * b] = Folds.lanes(lanes[0], lanes[1], lanes[2], lanes[3], lanes[4], lanes[5], lanes[6],
                    lanes[7]);
            all[2 * b + 1] = Folds.lanes(lanes[8], lanes[9], lanes[10], lanes[11], lanes[12], lanes[13],
                    lanes[14], lanes[15]);
        }
        double[] total = joined(all, blocks);
        sums[2 * t] = total[0];
        sums[2 * t + 1] = total[1];
    }

    /// Σ d in lanes 0 to 7, Σ d² in lanes 8 to 15, d being the distance from the guess.
    private static void block(Object x, int at, int n, double guess, double[] lanes) {
        Arrays.fill(lanes, 0, 16, 0);
        if (x instanceof float[] f) {
            int done = Simd.PRESENT ? VectorSums.moments(f, at, n, guess, lanes) : 0;
            for (int i = done; i < n; i++) {
                double d = f[at + i] - guess;
                lanes[i % 8] += d;
                lanes[8 + i % 8] = Math.fma(d, d, lanes[8 + i % 8]);
            }
        } else {
            double[] g = (double[]) x;
            for (int i = 0; i < n; i++) {
                double d = g[at + i] - guess;
                lanes[i % 8] += d;
                lanes[8 + i % 8] = Math.fma(d, d, lanes[8 + i % 8]);
            }
        }
    }

    /// Many results side by side, where they, not the folded elements, are adjacent.
    private void columns(Walk from, int results, Put put) {
        int run = from.size(from.rank() - 1);
        int pieces = (run + SIDE - 1) / SIDE;
        Parallel.Tile tile = t -> {
            int first = t / pieces * run + t % pieces * SIDE;
            int w = Math.min(SIDE, run - t % pieces * SIDE);
            int base = from.position(first);
            double[] guess = new double[w];
            double[] sum = new double[w];
            double[] squares = new double[w];
            for (int j = 0; j < w; j++) {
                guess[j] = get(base + j);
            }
            boolean again = pass(base, w, guess, sum, squares);
            if (again) {
                for (int j = 0; j < w; j++) {
                    guess[j] += sum[j] / n;
                }
                pass(base, w, guess, sum, squares);
            }
            for (int j = 0; j < w; j++) {
                put.run(first + j, guess[j] + sum[j] / n, Math.max(squares[j] - sum[j] * sum[j] / n, 0));
            }
        };
        int tiles = results / run * pieces;
        if ((long) n * results < 2 * GRAIN) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
    }

    /// @return whether some column should be summed around its mean
    private boolean pass(int base, int w, double[] guess, double[] sum, double[] squares) {
        Arrays.fill(sum, 0);
        Arrays.fill(squares, 0);
        for (int i = 0; i < n; i++) {
            int at = base + fold.position(i);
            if (x instanceof float[] f) {
                int done = Simd.PRESENT ? VectorSums.moments(f, at, guess, sum, squares, w) : 0;
                for (int j = done; j < w; j++) {
                    double d = f[at + j] - guess[j];
                    sum[j] += d;
                    squares[j] = Math.fma(d, d, squares[j]);
                }
            } else {
                double[] g = (double[]) x;
                for (int j = 0; j < w; j++) {
                    double d = g[at + j] - guess[j];
                    sum[j] += d;
                    squares[j] = Math.fma(d, d, squares[j]);
                }
            }
        }
        boolean again = false;
        for (int j = 0; j < w; j++) {
            again |= squares[j] - sum[j] * sum[j] / n < least * squares[j];
        }
        return again;
    }
}
