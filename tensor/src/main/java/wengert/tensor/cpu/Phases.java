package wengert.tensor.cpu;

import java.util.Arrays;

/// The phases of a data gradient: which taps meet the pixels (i·stride + a, j·stride + b) of dx, and how far
/// away in dy. Tap r meets phase a iff stride divides a + pad − r·dilation; the quotient is the
/// distance p − i.
final class Phases {
    private final Window z;
    /// Taps by row phase and by column phase, with their distances.
    private final int[][] rows;
    private final int[][] columns;
    private final int[][] rowsAway;
    private final int[][] columnsAway;
    private final int top;
    private final int left;
    private final int down;
    private final int right;

    Phases(Window z) {
        this.z = z;
        rows = taps(z.strideH(), z.padH(), z.dilationH(), z.r());
        columns = taps(z.strideW(), z.padW(), z.dilationW(), z.s());
        rowsAway = away(rows, z.strideH(), z.padH(), z.dilationH());
        columnsAway = away(columns, z.strideW(), z.padW(), z.dilationW());
        top = least(rowsAway);
        left = least(columnsAway);
        down = most(rowsAway) - top;
        right = most(columnsAway) - left;
    }

    private static int[][] taps(int stride, int pad, int dilation, int size) {
        int[][] taps = new int[stride][];
        for (int a = 0; a < stride; a++) {
            int phase = a;
            taps[a] = java.util.stream.IntStream.range(0, size)
                    .filter(r -> (phase + pad - r * dilation) % stride == 0).toArray();
        }
        return taps;
    }

    private static int[][] away(int[][] taps, int stride, int pad, int dilation) {
        int[][] away = new int[stride][];
        for (int a = 0; a < stride; a++) {
            int phase = a;
            away[a] = Arrays.stream(taps[a]).map(r -> (phase + pad - r * dilation) / stride).toArray();
        }
        return away;
    }

    private static int least(int[][] away) {
        return Arrays.stream(away).flatMapToInt(Arrays::stream).min().orElse(0);
    }

    private static int most(int[][] away) {
        return Arrays.stream(away).flatMapToInt(Arrays::stream).max().orElse(0);
    }

    /// Rows of a phase, the longest.
    int height() {
        return (z.h() + z.strideH() - 1) / z.strideH();
    }

    /// Columns of a phase, the longest.
    int width() {
        return (z.w() + z.strideW() - 1) / z.strideW();
    }

    /// Least distance of rows, and how many more the greatest is.
    int top() {
        return top;
    }

    int down() {
        return down;
    }

    /// Least distance of columns, and how many more the greatest is.
    int left() {
        return left;
    }

    int right() {
        return right;
    }

    /// Per phase, where its taps begin in prepared planes of dy.
    int[][] taps(Planes planes) {
        int[][] taps = new int[z.strideH() * z.strideW()][];
        for (int f = 0; f < taps.length; f++) {
            int[] u = rowsAway[f / z.strideW()];
            int[] v = columnsAway[f % z.strideW()];
            taps[f] = new int[u.length * v.length];
            for (int i = 0; i < taps[f].length; i++) {
                taps[f][i] = planes.tap(u[i / v.length] - top, v[i % v.length] - left);
            }
        }
        return taps;
    }

    /// Per phase, its taps, counted r·S + s, in the order of [#taps].
    int[][] sources() {
        int[][] source = new int[z.strideH() * z.strideW()][];
        for (int f = 0; f < source.length; f++) {
            int[] u = rows[f / z.strideW()];
            int[] v = columns[f % z.strideW()];
            source[f] = new int[u.length * v.length];
            for (int i = 0; i < source[f].length; i++) {
                source[f][i] = u[i / v.length] * z.s() + v[i % v.length];
            }
        }
        return source;
    }

    /// Weights as the phases use them, `[group][phase]` and then [WindowProduct.Weights] with rows c and
    /// terms (k, tap), out of w [K, C/G, R, S]. In squares of 8 × 8 channels: rows of either side are often
    /// whole pages apart, and a cache holds few such lines.
    WindowProduct.Weights regroup(float[] w, int wo) {
        int[][] source = sources();
        int phases = source.length;
        int[] at = new int[phases];
        int before = 0;
        int most = 1;
        for (int f = 0; f < phases; f++) {
            at[f] = before * z.cg() * z.kg();
            before += source[f].length;
            most = Math.max(most, source[f].length);
        }
        int slice = WindowProduct.slice(z.kg(), most);
        int group = z.kg() * z.cg() * z.r() * z.s();
        float[] to = Scratch.mine().floats(4, z.groups() * group);
        int blocks = (z.cg() + 7) / 8;
        Parallel.run(z.groups() * blocks, t -> {
            int g = t / blocks;
            int c = t % blocks * 8;
            int end = Math.min(z.cg(), c + 8);
            for (int first = 0; first < z.kg(); first += slice) {
                int n = Math.min(slice, z.kg() - first);
                for (int k = 0; k < n; k += 8) {
                    for (int i = c; i < end; i++) {
                        int from = wo + (g * z.kg() + first) * z.cg() * z.r() * z.s() + i * z.r() * z.s();
                        for (int f = 0; f < phases; f++) {
                            int taps = source[f].length;
                            regroup(w, from, k, Math.min(n, k + 8), source[f], to,
                                    g * group + at[f] + (first * z.cg() + i * n) * taps);
                        }
                    }
                }
            }
        });
        return new WindowProduct.Weights(z.cg(), z.kg(), slice, to, at, group);
    }

    private void regroup(float[] w, int from, int k, int kEnd, int[] source, float[] to, int at) {
        int step = z.cg() * z.r() * z.s();
        int n = source.length;
        for (int j = k; j < kEnd; j++) {
            for (int i = 0; i < n; i++) {
                to[at + j * n + i] = w[from + j * step + source[i]];
            }
        }
    }
}
