package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Where the largest or smallest number of each of [Lines] stands: the first of equals, the first NaN if
/// there is one.
final class Extremes {
    private Extremes() {
    }

    static void argReduce(ReduceKind kind, View x, int axis, View y) {
        int size = x.shape().size(axis);
        int sx = x.stride(axis);
        int sign = kind == ReduceKind.MIN ? -1 : 1;
        Object in = x.storage().data();
        long[] out = y.storage().i64();
        Lines.run(x.shape(), axis, x, x, y, (n, px, same, py) -> {
            if (sx == 1 && in instanceof float[] f) {
                for (int l = 0; l < n; l++) {
                    out[py[l]] = firstExtreme(kind, f, px[l], size);
                }
                return;
            }
            int[] best = Scratch.mine().ints(0, n);
            Arrays.fill(best, 0, n, 0);
            if (in instanceof float[] f && adjacent(px, n)) {
                sideBySide(sign, f, px[0], sx, size, n, best);
                for (int l = 0; l < n; l++) {
                    out[py[l]] = best[l];
                }
                return;
            }
            for (int j = 1; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    int here = px[l] + j * sx;
                    int there = px[l] + best[l] * sx;
                    boolean wins = switch (in) {
                        case float[] f -> wins(sign * f[here], sign * f[there]);
                        case double[] d -> wins(sign * d[here], sign * d[there]);
                        default -> sign * Long.compare(Lines.integer(in, here), Lines.integer(in, there)) > 0;
                    };
                    if (wins) {
                        best[l] = j;
                    }
                }
            }
            for (int l = 0; l < n; l++) {
                out[py[l]] = best[l];
            }
        });
    }

    private static boolean adjacent(int[] px, int n) {
        for (int l = 1; l < n; l++) {
            if (px[l] != px[0] + l) {
                return false;
            }
        }
        return true;
    }

    /// Where the extreme of `n` adjacent numbers first stands: its value from vectors, then a search for it.
    private static int firstExtreme(ReduceKind kind, float[] x, int at, int n) {
        float best = (float) Folds.block(kind, x, at, n);
        int i = 0;
        while (x[at + i] != best && (best == best || x[at + i] == x[at + i])) {
            i++;
        }
        return i;
    }

    /// Extremes of `n` columns of numbers `step` apart, side by side.
    private static void sideBySide(float sign, float[] x, int at, int step, int size, int n, int[] best) {
        if (Simd.PRESENT) {
            int[] keys = Scratch.mine().ints(1, n);
            Arrays.fill(keys, 0, n, Winners.NOBODY);
            for (int j = 0; j < size; j++) {
                Winners.row(x, at + j * step, 0, sign, j, keys, best, 0, 0, 1, n);
            }
            return;
        }
        float[] value = Scratch.mine().floats(0, n);
        for (int l = 0; l < n; l++) {
            value[l] = sign * x[at + l];
        }
        for (int j = 1; j < size; j++) {
            for (int l = 0; l < n; l++) {
                float v = sign * x[at + j * step + l];
                if (wins(v, value[l])) {
                    value[l] = v;
                    best[l] = j;
                }
            }
        }
    }

    /// A number as an int whose order is that of winning: there is one zero, and one NaN, which is above all.
    /// None is the smallest int.
    static int key(float x) {
        int bits = Float.floatToIntBits(x + 0f);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    /// True if a value beats the best so far: it is larger, or the first NaN.
    static boolean wins(double value, double best) {
        return value > best || value != value && best == best;
    }
}
