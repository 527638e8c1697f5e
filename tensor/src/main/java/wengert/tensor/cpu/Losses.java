package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Losses: values and targets are read once, losses are summed while they are in the first-level cache and
/// never stored, gradients are written from values and targets alone. Sums fold as [Folds] says, in parts
/// with fixed borders.
final class Losses {
    /// Numbers of a part: as many blocks as a power of two.
    private static final int PART = 64 * Folds.BLOCK;
    /// Fewest numbers worth a thread.
    private static final int GRAIN = 8_192;
    /// Longest vector, in floats.
    private static final int LONGEST = 16;

    private Losses() {
    }

    static void loss(LossForm form, View x, View t, View y) {
        Operand from = Operand.adjacent(Copies.contiguous(x));
        Operand targets = Operand.of(t);
        int n = x.shape().length();
        if (form.fold() == LossForm.Fold.NONE) {
            View to = Copies.target(y);
            Object out = to.storage().data();
            Parallel.ranges(n, GRAIN, (start, end) -> each(form, from, targets, start, out,
                    to.offset() + start, end - start));
            if (to != y) {
                Copies.copy(to, y);
            }
            return;
        }
        int parts = (n + PART - 1) / PART;
        double total;
        if (parts < 2) {
            total = sum(form, from, targets, 0, n);
        } else {
            double[] sums = new double[parts];
            Parallel.run(parts, p -> sums[p] = sum(form, from, targets, p * PART,
                    Math.min(n, (p + 1) * PART)));
            Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
            for (double s : sums) {
                tree.add(s);
            }
            total = tree.total();
        }
        Reductions.set(y.storage().data(), y.offset(), total * form.share(n));
    }

    private static double sum(LossForm form, Operand x, Operand t, int start, int end) {
        Object room = x.array instanceof float[] ? Scratch.mine().floats(6, Folds.BLOCK)
                : Scratch.mine().doubles(6, Folds.BLOCK);
        if (end - start <= Folds.BLOCK) {
            return block(form, x, t, start, end - start, room);
        }
        Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
        for (int i = start; i < end; i += Folds.BLOCK) {
            tree.add(block(form, x, t, i, Math.min(Folds.BLOCK, end - i), room));
        }
        return tree.total();
    }

    private static double block(LossForm form, Operand x, Operand t, int i, int n, Object room) {
        each(form, x, t, i, room, 0, n);
        return room instanceof float[] f ? Folds.block(ReduceKind.SUM, f, 0, n)
                : Folds.block(ReduceKind.SUM, (double[]) room, 0, n);
    }

    private static void each(LossForm form, Operand x, Operand t, int i, Object y, int yo, int n) {
        if (y instanceof float[] f) {
            F32Losses.loss(form, (float[]) x.array, x.at(i), (float[]) t.array, t.at(i), t.mask, f, yo, n);
        } else {
            F64Losses.loss(form, (double[]) x.array, x.at(i), (double[]) t.array, t.at(i), t.mask,
                    (double[]) y, yo, n);
        }
    }

    static void gradient(LossForm form, View x, View t, View dy, View dx) {
        int n = x.shape().length();
        if (n == 0) {
            return;
        }
        Operand from = Operand.adjacent(Copies.contiguous(x));
        Operand targets = Operand.of(t);
        Operand back = Operand.of(dy);
        View to = Copies.target(dx);
        double share = form.share(n) * (back.mask == 0 ? back.first() : 1);
        int step = back.mask == 0 ? n : Scratch.BLOCK;
        Parallel.ranges(n, GRAIN, (start, end) -> {
            for (int i = start; i < end; i += step) {
                int m = Math.min(step, end - i);
                slopes(form, share, from, targets, back, i, to.storage().data(), to.offset() + i, m);
            }
        });
        if (to != dx) {
            Copies.copy(to, dx);
        }
    }

    private static void slopes(LossForm form, double share, Operand x, Operand t, Operand dy, int i, Object y,
            int yo, int n) {
        if (y instanceof float[] f) {
            F32Losses.gradient(form, (float) share, (float[]) x.array, x.at(i), (float[]) t.array, t.at(i),
                    t.mask, f, yo, n);
            if (dy.mask != 0) {
                F32Losses.times((float[]) dy.array, dy.at(i), f, yo, n);
            }
        } else {
            double[] d = (double[]) y;
            F64Losses.gradient(form, share, (double[]) x.array, x.at(i), (double[]) t.array, t.at(i), t.mask,
                    d, yo, n);
            if (dy.mask != 0) {
                F64Losses.times((double[]) dy.array, dy.at(i), d, yo, n);
            }
        }
    }

    /// Adjacent numbers, or one number that stands for all.
    ///
    /// @param mask −1, or 0 for one number, which then is repeated for as long as a vector is
    private record Operand(Object array, int offset, int mask) {
        static Operand of(View v) {
            if (v.isContiguous()) {
                return adjacent(v);
            }
            for (int a = 0; a < v.shape().rank(); a++) {
                if (v.stride(a) != 0 && v.shape().size(a) != 1) {
                    return adjacent(Copies.contiguous(v));
                }
            }
            if (v.dtype() == DType.F32) {
                float[] all = new float[LONGEST];
                Arrays.fill(all, v.storage().f32()[v.offset()]);
                return new Operand(all, 0, 0);
            }
            return new Operand(new double[] {v.storage().f64()[v.offset()]}, 0, 0);
        }

        static Operand adjacent(View v) {
            return new Operand(v.storage().data(), v.offset(), -1);
        }

        int at(int i) {
            return offset + (i & mask);
        }

        double first() {
            return array instanceof float[] f ? f[0] : ((double[]) array)[0];
        }
    }
}
