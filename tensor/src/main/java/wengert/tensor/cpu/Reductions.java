package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Folds over axes. The axes of x are parted into kept ones, which count the results, and folded ones. A
/// result is the work of one tile, or of several with fixed borders if there are few results, and folds as
/// [Folds] says.
final class Reductions {
    /// Blocks that one tile folds when a single result is split; a power of two, so that the tree is the
    /// same.
    private static final int PART = 64;
    /// Results that are folded together where their elements lie in pieces.
    private static final int TOGETHER = 16;
    /// Elements worth a tile.
    private static final int GRAIN = 16_384;
    /// Results that are folded side by side when they, not the folded elements, are adjacent.
    private static final int SIDE = 256;

    /// So few elements per result that folding each for itself is mostly preparation.
    private static final int FEW = 16;

    private Reductions() {
    }

    static void reduce(ReduceKind kind, View x, View y) {
        int rank = x.shape().rank();
        int[] kept = x.shape().toArray();
        int[] folded = kept.clone();
        for (int a = 0; a < rank; a++) {
            if (y.shape().size(a) == 1) {
                kept[a] = 1;
            } else {
                folded[a] = 1;
            }
        }
        Walk from = Walk.of(kept, x.strides(), x.offset());
        Walk fold = Walk.of(folded, x.strides(), 0);
        Walk to = Walk.of(y);
        if (to.length() == 0) {
            return;
        }
        if (!x.dtype().isFloating()) {
            integers(kind, x, from, fold, y, to);
            return;
        }
        int inner = from.rank() - 1;
        if (from.step(inner) == 1 && from.size(inner) >= 8 && !(fold.contiguous() && fold.length() > 1)) {
            Columns.reduce(kind, x, from, fold, y, to, SIDE);
            return;
        }
        if (fold.length() <= FEW && fold.length() > 0 && to.length() >= 64) {
            Columns.scattered(kind, x, from, fold, y, to);
            return;
        }
        rows(kind, x, from, fold, y, to);
    }

    private static void rows(ReduceKind kind, View x, Walk from, Walk fold, View y, Walk to) {
        Object in = x.storage().data();
        Object out = y.storage().data();
        int n = fold.length();
        int results = to.length();
        int part = PART * Folds.BLOCK;
        if (results < 2 * Parallel.threads() && n > part) {
            int parts = (n + part - 1) / part;
            double[] partial = new double[parts];
            for (int i = 0; i < results; i++) {
                int base = from.position(i);
                Parallel.run(parts, t -> partial[t] = fold(kind, in, fold, base, t * part,
                        Math.min(n, (t + 1) * part)));
                Folds.Tree tree = new Folds.Tree(kind);
                for (double p : partial) {
                    tree.add(p);
                }
                set(out, to.position(i), tree.total());
            }
            return;
        }
        Parallel.ranges(results, Math.max(1, GRAIN / Math.max(1, n)), (start, end) -> {
            int step = fold.contiguous() ? 1 : TOGETHER;
            for (int i = start; i < end; i += step) {
                together(kind, in, from, fold, i, Math.min(step, end - i), out, to);
            }
        });
    }

    /// Folds `count` results from the first on, block after block: where the elements of one lie in pieces,
    /// as in a sum over all axes but the channels', those of the next lie between.
    private static void together(ReduceKind kind, Object in, Walk from, Walk fold, int first, int count,
            Object out, Walk to) {
        int n = fold.length();
        if (count == 1 || n <= Folds.BLOCK) {
            for (int i = first; i < first + count; i++) {
                set(out, to.position(i), fold(kind, in, fold, from.position(i), 0, n));
            }
            return;
        }
        Folds.Tree[] trees = new Folds.Tree[count];
        for (int r = 0; r < count; r++) {
            trees[r] = new Folds.Tree(kind);
        }
        for (int i = 0; i < n; i += Folds.BLOCK) {
            for (int r = 0; r < count; r++) {
                trees[r].add(one(kind, in, fold, from.position(first + r), i, Math.min(Folds.BLOCK, n - i)));
            }
        }
        for (int r = 0; r < count; r++) {
            set(out, to.position(first + r), trees[r].total());
        }
    }

    /// Folds elements `start` to `end` of a walk moved to `base`; `start` is a multiple of a block.
    private static double fold(ReduceKind kind, Object x, Walk fold, int base, int start, int end) {
        if (end - start <= Folds.BLOCK && start == 0 && end > 0) {
            return one(kind, x, fold, base, 0, end);
        }
        Folds.Tree tree = new Folds.Tree(kind);
        for (int i = start; i < end; i += Folds.BLOCK) {
            tree.add(one(kind, x, fold, base, i, Math.min(Folds.BLOCK, end - i)));
        }
        return tree.total();
    }

    private static double one(ReduceKind kind, Object x, Walk fold, int base, int i, int count) {
        if (fold.adjacent(i, count)) {
            int at = base + fold.position(i);
            return x instanceof float[] f ? Folds.block(kind, f, at, count)
                    : Folds.block(kind, (double[]) x, at, count);
        }
        Object block = Scratch.mine().block(0, x instanceof float[] ? DType.F32 : DType.F64);
        fold.load(x, base, i, count, block, 0);
        return block instanceof float[] f ? Folds.block(kind, f, 0, count)
                : Folds.block(kind, (double[]) block, 0, count);
    }

    static void set(Object y, int at, double value) {
        if (y instanceof float[] f) {
            f[at] = (float) value;
        } else {
            ((double[]) y)[at] = value;
        }
    }

    private static void integers(ReduceKind kind, View x, Walk from, Walk fold, View y, Walk to) {
        Object in = x.storage().data();
        Object out = y.storage().data();
        int n = fold.length();
        Parallel.ranges(to.length(), Math.max(1, GRAIN / Math.max(1, n)), (start, end) -> {
            Scratch scratch = Scratch.mine();
            Object narrow = scratch.block(0, x.dtype());
            long[] block = (long[]) scratch.block(1, DType.I64);
            Object result = y.dtype().array(1);
            for (int i = start; i < end; i++) {
                long sum = kind == ReduceKind.SUM ? 0 : kind == ReduceKind.MAX ? Long.MIN_VALUE
                        : Long.MAX_VALUE;
                for (int j = 0; j < n; j += Scratch.BLOCK) {
                    int count = Math.min(Scratch.BLOCK, n - j);
                    fold.load(in, from.position(i), j, count, narrow, 0);
                    long[] values = block;
                    if (narrow instanceof long[] l) {
                        values = l;
                    } else {
                        Cast.toLong(narrow, block, count);
                    }
                    sum = fold(kind, values, count, sum);
                }
                Cast.block(new long[] {sum}, result, 1, scratch);
                Runs.copy(result, 0, 1, out, to.position(i), 1, 1);
            }
        });
    }

    private static long fold(ReduceKind kind, long[] x, int n, long start) {
        long sum = start;
        for (int i = 0; i < n; i++) {
            sum = switch (kind) {
                case SUM -> sum + x[i];
                case MAX -> Math.max(sum, x[i]);
                case MIN -> Math.min(sum, x[i]);
            };
        }
        return sum;
    }
}
