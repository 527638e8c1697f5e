package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Folds where the results are adjacent and the folded elements are not, as a sum over the batch, or where
/// few elements make a result, as the gradient of an enlargement: many results side by side, one folded
/// element of all of them after the other. The order within each result is that of [Folds], and so are the
/// bits.
final class Columns {
    private final ReduceKind kind;
    private final int width;
    /// The lanes of the block at work: lane l of result j at `l·width + j`.
    private final double[] lanes;
    /// The tree: `levels[l·width + j]` holds the fold of 2^l blocks of result j.
    private double[] levels = new double[0];
    private int blocks;

    private Columns(ReduceKind kind, int width) {
        this.kind = kind;
        this.width = width;
        this.lanes = new double[Folds.LANES * width];
    }

    static void reduce(ReduceKind kind, View x, Walk from, Walk fold, View y, Walk to, int side) {
        Object in = x.storage().data();
        Object out = y.storage().data();
        int run = from.size(from.rank() - 1);
        int pieces = (run + side - 1) / side;
        int tiles = to.length() / run * pieces;
        Parallel.Tile tile = t -> {
            int first = t / pieces * run + t % pieces * side;
            int width = Math.min(side, run - t % pieces * side);
            Columns c = new Columns(kind, width);
            double[] sums = c.fold(in, from.position(first), fold, null, 0);
            for (int j = 0; j < width; j++) {
                Reductions.set(out, to.position(first + j), sums[j]);
            }
        };
        if ((long) fold.length() * to.length() < 32_768) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
    }

    /// As [#reduce], for results anywhere: each folded element of a tile's results is brought together first.
    static void scattered(ReduceKind kind, View x, Walk from, Walk fold, View y, Walk to) {
        Object in = x.storage().data();
        Object out = y.storage().data();
        int tiles = (to.length() + Scratch.BLOCK - 1) / Scratch.BLOCK;
        Parallel.Tile tile = t -> {
            int first = t * Scratch.BLOCK;
            int width = Math.min(Scratch.BLOCK, to.length() - first);
            double[] sums = new Columns(kind, width).fold(in, 0, fold, from, first);
            for (int j = 0; j < width; j++) {
                Reductions.set(out, to.position(first + j), sums[j]);
            }
        };
        if ((long) fold.length() * to.length() < 32_768) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
    }

    /// @param scattered where the elements of results are, or null if they are adjacent, from `base`
    private double[] fold(Object x, int base, Walk fold, Walk scattered, int first) {
        Object block = scattered == null ? x
                : Scratch.mine().block(0, x instanceof float[] ? DType.F32 : DType.F64);
        int n = fold.length();
        for (int start = 0; start < n; start += Folds.BLOCK) {
            int count = Math.min(Folds.BLOCK, n - start);
            begin();
            for (int i = 0; i < count; i++) {
                int at = base + fold.position(start + i);
                int lane = i % Folds.LANES * width;
                if (scattered != null) {
                    scattered.load(x, at, first, width, block, 0);
                    at = 0;
                }
                if (block instanceof float[] f) {
                    add(f, at, lane);
                } else {
                    add((double[]) block, at, lane);
                }
            }
            push();
        }
        return total();
    }

    private void begin() {
        Arrays.fill(lanes, switch (kind) {
            case SUM -> 0;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        });
    }

    private void add(float[] x, int at, int lane) {
        switch (kind) {
            case SUM -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] += x[at + j];
                }
            }
            case MAX -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] = Math.max(lanes[lane + j], x[at + j]);
                }
            }
            case MIN -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] = Math.min(lanes[lane + j], x[at + j]);
                }
            }
        }
    }

    private void add(double[] x, int at, int lane) {
        switch (kind) {
            case SUM -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] += x[at + j];
                }
            }
            case MAX -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] = Math.max(lanes[lane + j], x[at + j]);
                }
            }
            case MIN -> {
                for (int j = 0; j < width; j++) {
                    lanes[lane + j] = Math.min(lanes[lane + j], x[at + j]);
                }
            }
        }
    }

    /// Joins the lanes to one block and carries it into the tree.
    private void push() {
        int level = 0;
        while ((blocks >> level & 1) != 0) {
            level++;
        }
        if (levels.length < (level + 1) * width) {
            levels = Arrays.copyOf(levels, (level + 1) * width);
        }
        for (int j = 0; j < width; j++) {
            double v = joinLanes(j);
            for (int l = 0; l < level; l++) {
                v = Folds.join(kind, levels[l * width + j], v);
            }
            levels[level * width + j] = v;
        }
        blocks++;
    }

    private double joinLanes(int j) {
        int w = width;
        if (kind == ReduceKind.SUM) {
            return Folds.lanes(lanes[j], lanes[w + j], lanes[2 * w + j], lanes[3 * w + j], lanes[4 * w + j],
                    lanes[5 * w + j], lanes[6 * w + j], lanes[7 * w + j]);
        }
        double best = lanes[j];
        for (int l = 1; l < Folds.LANES; l++) {
            best = Folds.join(kind, best, lanes[l * w + j]);
        }
        return best;
    }

    private double[] total() {
        double[] sums = new double[width];
        boolean any = false;
        for (int level = 0; blocks >> level != 0; level++) {
            if ((blocks >> level & 1) != 0) {
                for (int j = 0; j < width; j++) {
                    double v = levels[level * width + j];
                    sums[j] = any ? Folds.join(kind, v, sums[j]) : v;
                }
                any = true;
            }
        }
        return sums;
    }
}
