package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.Shape;

// N batch, C channels, H W input.
/// Linear interpolation as convolution: output pixels fall into scaleH·scaleW phases, in each of which the
/// same four weights meet four neighbours of every input pixel. Planes get a border of one pixel, repeated;
/// then each phase is one long loop over four constant distances ([F32Windows#taps]), what falls on the
/// border is computed in vain, and phases are woven together.
///
/// Back: dy is split into its phases, with borders of zeros; every pixel of dx, border included, is one sum
/// over all phases' weights; the border's share goes to the pixels that it repeated.
///
/// A tile is a stretch of rows of one plane, or several small planes.
final class F32Resampling {
    private static final F32Windows WINDOWS = F32Windows.BEST;
    /// Loops run over multiples of this.
    private static final int ROUND = 32;
    /// Pixels of a tile, so that all of its phases stay in the second-level cache.
    private static final int TILE = 2048;

    private final int planes;
    private final int h;
    private final int w;
    /// Columns with borders.
    private final int wide;
    private final int scaleH;
    private final int scaleW;
    /// Rows of a tile, and planes.
    private final int rows;
    private final int together;

    /// @param x [N, C, H, W], the smaller one
    F32Resampling(Shape x, int scaleH, int scaleW) {
        this.planes = x.size(0) * x.size(1);
        this.h = x.size(2);
        this.w = x.size(3);
        this.wide = w + 2;
        this.scaleH = scaleH;
        this.scaleW = scaleW;
        this.rows = Math.clamp(TILE / wide - 2, Math.min(8, h), Math.max(1, h));
        this.together = Math.max(1, TILE / ((h + 2) * wide));
    }

    private interface Work {
        /// @param plane first plane
        /// @param count planes
        /// @param top   first row of each
        /// @param m     rows
        void run(int plane, int count, int top, int m);
    }

    private void run(Work work) {
        if (planes == 0 || h == 0 || w == 0) {
            return;
        }
        int stretches = (h + rows - 1) / rows;
        int groups = (planes + together - 1) / together;
        Resampling.run(stretches * groups, (long) planes * h * w * scaleH * scaleW, t -> {
            int plane = t / stretches * together;
            int top = t % stretches * rows;
            work.run(plane, Math.min(together, planes - plane), top, Math.min(rows, h - top));
        });
    }

    private static int round(int n) {
        return (n + ROUND - 1) / ROUND * ROUND;
    }

    /// Distances and weights, those left out that are 0: nothing of infinity would be NaN.
    private static final class Taps {
        private final int[] at;
        private final float[] weights;
        private int count;

        Taps(int most) {
            at = new int[most];
            weights = new float[most];
        }

        private void add(int distance, double weight) {
            if (weight != 0) {
                at[count] = distance;
                weights[count++] = (float) weight;
            }
        }

        void run(float[] x, float[] y, int yo, int n) {
            WINDOWS.taps(x, at, weights, 0, count, 0, y, yo, n);
        }
    }

    /// Adds phase (p, q): its first row and column lie at `first`, the second ones `step` times a row or
    /// column further.
    private void phase(int p, int q, int first, int step, Taps to) {
        double v = Resampling.weight(p, scaleH);
        double u = Resampling.weight(q, scaleW);
        to.add(first, (1 - v) * (1 - u));
        to.add(first + step, (1 - v) * u);
        to.add(first + step * wide, v * (1 - u));
        to.add(first + step * (wide + 1), v * u);
    }

    void forward(float[] x, int xo, float[] y, int yo) {
        int phases = scaleH * scaleW;
        Taps[] taps = new Taps[phases];
        for (int f = 0; f < phases; f++) {
            int p = f / scaleW;
            int q = f % scaleW;
            taps[f] = new Taps(4);
            phase(p, q, Resampling.left(p, scaleH) * wide + Resampling.left(q, scaleW), 1, taps[f]);
        }
        run((plane, count, top, m) -> {
            int each = (m + 2) * wide;
            int n = round(count * each);
            float[] bordered = Scratch.mine().floats(0, n + 2 * wide + 2);
            float[] out = Scratch.mine().floats(1, scaleW * n);
            for (int c = 0; c < count; c++) {
                border(x, xo + (plane + c) * h * w, top, m, bordered, c * each);
            }
            for (int p = 0; p < scaleH; p++) {
                for (int q = 0; q < scaleW; q++) {
                    taps[p * scaleW + q].run(bordered, out, q * n, n);
                }
                for (int c = 0; c < count; c++) {
                    int to = yo + (((plane + c) * h + top) * scaleH + p) * scaleW * w;
                    join(out, c * each, n, y, to, m);
                }
            }
        });
    }

    /// Rows `top − 1` to `top + m` of a plane, each between the pixels at its ends; beyond the plane stands
    /// its first or last row.
    private void border(float[] x, int plane, int top, int m, float[] to, int at) {
        int first = Math.max(0, top - 1);
        int end = Math.min(h, top + m + 1);
        WINDOWS.block(x, plane + first * w, w, to, at + (first - top + 1) * wide + 1, wide, end - first, w);
        if (top == 0) {
            System.arraycopy(to, at + wide + 1, to, at + 1, w);
        }
        if (top + m == h) {
            System.arraycopy(to, at + m * wide + 1, to, at + (m + 1) * wide + 1, w);
        }
        for (int i = at; i < at + (m + 2) * wide; i += wide) {
            to[i] = to[i + 1];
            to[i + w + 1] = to[i + w];
        }
    }

    /// Weaves a row's phases, `n` apart, for `m` rows of y that lie scaleH apart.
    private void join(float[] from, int start, int n, float[] y, int to, int m) {
        int step = scaleH * scaleW * w;
        if (scaleW == 1) {
            WINDOWS.block(from, start, wide, y, to, step, m, w);
        } else if (scaleW == 2) {
            WINDOWS.weave(from, start, start + n, wide, y, to, step, m, w);
        } else {
            for (int i = 0; i < m; i++) {
                for (int q = 0; q < scaleW; q++) {
                    int f = start + q * n + i * wide;
                    int t = to + i * step + q;
                    for (int j = 0; j < w; j++) {
                        y[t + j * scaleW] = from[f + j];
                    }
                }
            }
        }
    }

    void backward(float[] dy, int yo, float[] dx, int xo) {
        int phases = scaleH * scaleW;
        run((plane, count, top, m) -> {
            // each plane between rows of zeros, so that what lies beyond its border is 0
            int each = (m + 3) * wide;
            int n = round(count * each - wide);
            int size = phases * count * each + 2 * wide + ROUND + 1;
            float[] split = Scratch.mine().floats(0, size);
            float[] out = Scratch.mine().floats(1, n);
            Arrays.fill(split, 0, size, 0f);
            Taps taps = new Taps(4 * phases);
            for (int f = 0; f < phases; f++) {
                int p = f / scaleW;
                int q = f % scaleW;
                phase(p, q, f * count * each + (2 - Resampling.left(p, scaleH)) * wide + 2
                        - Resampling.left(q, scaleW), -1, taps);
            }
            int above = Math.max(0, top - 1);
            int below = Math.min(h, top + m + 1);
            for (int c = 0; c < count; c++) {
                for (int p = 0; p < scaleH; p++) {
                    int from = yo + (((plane + c) * h + above) * scaleH + p) * scaleW * w;
                    int to = (p * scaleW * count + c) * each + (above - top + 2) * wide + 2;
                    part(dy, from, split, to, count * each, below - above);
                }
            }
            taps.run(split, out, 0, n);
            for (int c = 0; c < count; c++) {
                gather(out, c * each, top, m);
                WINDOWS.block(out, c * each + wide + 1, wide, dx, xo + ((plane + c) * h + top) * w, w, m, w);
            }
        });
    }

    /// Splits `m` rows of dy that lie scaleH apart into their phases, `n` apart.
    private void part(float[] dy, int from, float[] to, int at, int n, int m) {
        int step = scaleH * scaleW * w;
        if (scaleW == 1) {
            WINDOWS.block(dy, from, step, to, at, wide, m, w);
        } else if (scaleW == 2) {
            WINDOWS.split(dy, from, step, to, at, at + n, wide, m, w);
        } else {
            for (int i = 0; i < m; i++) {
                for (int q = 0; q < scaleW; q++) {
                    int f = from + i * step + q;
                    int t = at + q * n + i * wide;
                    for (int j = 0; j < w; j++) {
                        to[t + j] = dy[f + j * scaleW];
                    }
                }
            }
        }
    }

    /// Adds the border's share, of a plane with rows `top − 1` to `top + m`, to the pixels beside it.
    private void gather(float[] out, int at, int top, int m) {
        if (top == 0) {
            add(out, at, at + wide);
        }
        if (top + m == h) {
            add(out, at + (m + 1) * wide, at + m * wide);
        }
        for (int i = at + wide; i < at + (m + 1) * wide; i += wide) {
            out[i + 1] += out[i];
            out[i + w] += out[i + w + 1];
        }
    }

    private void add(float[] out, int from, int to) {
        for (int j = 0; j < wide; j++) {
            out[to + j] += out[from + j];
        }
    }
}
