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

    private int count(int f) {
        return rows[f / z.strideW()].length * columns[f % z.strideW()].length;
    }

    /// Per phase, where row c of group g begins in the regrouped weights.
    int[] weightsAt(int g, int c) {
        int[] at = new int[z.strideH() * z.strideW()];
        int before = 0;
        for (int f = 0; f < at.length; f++) {
            at[f] = (before * z.cg() + c * count(f)) * z.kg() + g * z.kg() * z.cg() * z.r() * z.s();
            before += count(f);
        }
        return at;
    }

    /// Weights as the phases use them: `[group][phase][c][(k, tap)]` out of w [K, C/G, R, S]. In squares of 8
    /// × 8 channels: rows of either side are often whole pages apart, and a cache holds few such lines.
    void regroup(float[] w, int wo, float[] to) {
        int[][] source = new int[z.strideH() * z.strideW()][];
        for (int f = 0; f < source.length; f++) {
            int[] u = rows[f / z.strideW()];
            int[] v = columns[f % z.strideW()];
            source[f] = new int[u.length * v.length];
            for (int i = 0; i < source[f].length; i++) {
                source[f][i] = u[i / v.length] * z.s() + v[i % v.length];
            }
        }
        int blocks = (z.cg() + 7) / 8;
        Parallel.run(z.groups() * blocks, t -> {
            int g = t / blocks;
            int c = t % blocks * 8;
            int end = Math.min(z.cg(), c + 8);
            for (int k = 0; k < z.kg(); k += 8) {
                int kEnd = Math.min(z.kg(), k + 8);
                for (int i = c; i < end; i++) {
                    int[] at = weightsAt(g, i);
                    for (int f = 0; f < at.length; f++) {
                        regroup(w, wo + (g * z.kg() * z.cg() + i) * z.r() * z.s(), k, kEnd, source[f], to,
                                at[f]);
                    }
                }
            }
        });
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
