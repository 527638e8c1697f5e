package wengert.tensor.cpu;

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
            int[] best = new int[n];
            if (in instanceof float[] f && adjacent(px, n)) {
                sideBySide(kind, f, px[0], sx, size, best);
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

    /// As many extremes as there are places in `best`, of numbers `step` apart, side by side.
    private static void sideBySide(ReduceKind kind, float[] x, int at, int step, int size, int[] best) {
        float sign = kind == ReduceKind.MIN ? -1 : 1;
        float[] value = new float[best.length];
        for (int l = 0; l < best.length; l++) {
            value[l] = sign * x[at + l];
        }
        for (int j = 1; j < size; j++) {
            for (int l = 0; l < best.length; l++) {
                float v = sign * x[at + j * step + l];
                if (wins(v, value[l])) {
                    value[l] = v;
                    best[l] = j;
                }
            }
        }
    }

    /// True if a value beats the best so far: it is larger, or the first NaN.
    static boolean wins(double value, double best) {
        return value > best || value != value && best == best;
    }
}
