package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.Conv2dGeometry;

// H W input, P Q output, R S window.
/// Places of the largest f32 numbers of the windows of a plane, in two makes: with vectors, windows side by
/// side and tap after tap; without, window by window.
final class F32MaxPool {
    /// Windows whose best numbers so far, and their places, stay in the first-level cache.
    private static final int TOGETHER = 2048;

    private F32MaxPool() {
    }

    /// `y[to + i·q + j]` = place in the plane of the first largest number of window (i, j).
    static void largest(float[] x, int start, int h, int w, int r, int s, Conv2dGeometry g, long[] y, int to,
            int p, int q) {
        if (Simd.PRESENT) {
            byTaps(x, start, h, w, r, s, g, y, to, p, q);
        } else {
            byWindows(x, start, h, w, r, s, g, y, to, p, q);
        }
    }

    /// Value and place go into one long whose order is that of winning, since a choice by value would be a
    /// jump that nobody can foresee.
    private static void byWindows(float[] x, int start, int h, int w, int r, int s, Conv2dGeometry g,
            long[] y, int to, int p, int q) {
        int right = g.dilationW();
        int[] first = Scratch.mine().ints(0, q); // taps of each column of windows that are not padding
        int[] count = Scratch.mine().ints(1, q);
        for (int j = 0; j < q; j++) {
            int left = j * g.strideW() - g.padW();
            first[j] = low(left, right);
            count[j] = high(left, right, w, s) - first[j];
        }
        for (int i = 0; i < p; i++) {
            int top = i * g.strideH() - g.padH();
            int a0 = low(top, g.dilationH());
            int a1 = high(top, g.dilationH(), h, r);
            for (int j = 0; j < q; j++) {
                int corner = j * g.strideW() - g.padW() + first[j] * right;
                int n = count[j];
                long best = Long.MIN_VALUE;
                for (int a = a0; a < a1; a++) {
                    int at = (top + a * g.dilationH()) * w + corner;
                    for (int b = 0; b < n; b++) {
                        best = Math.max(best,
                                (long) Extremes.key(x[start + at]) << 32 | Integer.MAX_VALUE - at);
                        at += right;
                    }
                }
                y[to + i * q + j] = Integer.MAX_VALUE - (int) best;
            }
        }
    }

    /// What moves from `offset` in steps lies inside of an axis from this step on, to before [#high].
    private static int low(int offset, int step) {
        return Math.max(0, Math.ceilDiv(-offset, step));
    }

    private static int high(int offset, int step, int size, int steps) {
        return Math.min(steps, Math.ceilDiv(size - offset, step));
    }

    /// Columns are parted by stride, so that a tap's candidates for a row of windows are adjacent; some rows
    /// of windows at a time, tap after tap.
    private static void byTaps(float[] x, int start, int h, int w, int r, int s, Conv2dGeometry g, long[] y,
            int to, int p, int q) {
        int stride = g.strideW();
        int wide = (w + stride - 1) / stride;
        float[] parts = x;
        int begin = start;
        if (stride > 1) {
            parts = Scratch.mine().floats(0, stride * h * wide);
            begin = 0;
            part(x, start, h, w, stride, parts, wide);
        }
        int some = Math.max(1, TOGETHER / q);
        int[] best = Scratch.mine().ints(0, some * q);
        int[] where = Scratch.mine().ints(1, some * q);
        for (int i = 0; i < p; i += some) {
            int rows = Math.min(some, p - i);
            Arrays.fill(best, 0, rows * q, Winners.NOBODY);
            for (int a = 0; a < r; a++) {
                int down = i * g.strideH() - g.padH() + a * g.dilationH();
                int top = low(down, g.strideH());
                int m = high(down, g.strideH(), h, rows) - top;
                for (int b = 0; b < s; b++) {
                    int right = b * g.dilationW() - g.padW();
                    int left = low(right, stride);
                    int n = high(right, stride, w, q) - left;
                    if (m > 0 && n > 0) {
                        int column = Math.floorMod(right, stride) * h * wide + Math.floorDiv(right,
                                stride) + left;
                        Winners.row(parts, begin + (down + top * g.strideH()) * wide + column,
                                g.strideH() * wide, 1, a * g.dilationH() * w + b * g.dilationW(), best, where,
                                top * q + left, q, m, n);
                    }
                }
            }
            for (int k = 0; k < rows; k++) {
                int corner = ((i + k) * g.strideH() - g.padH()) * w - g.padW();
                for (int j = 0; j < q; j++) {
                    y[to + (i + k) * q + j] = corner + j * stride + where[k * q + j];
                }
            }
        }
    }

    /// `parts[(b·h + i)·wide + j] = x[start + i·w + j·stride + b]`.
    private static void part(float[] x, int start, int h, int w, int stride, float[] parts, int wide) {
        if (stride == 2) {
            F32Windows.BEST.split(x, start, w, parts, 0, h * wide, wide, h, w / 2);
            for (int i = 0; w % 2 == 1 && i < h; i++) {
                parts[i * wide + wide - 1] = x[start + i * w + w - 1];
            }
            return;
        }
        for (int b = 0; b < stride; b++) {
            for (int i = 0; i < h; i++) {
                for (int j = b, k = (b * h + i) * wide; j < w; j += stride) {
                    parts[k++] = x[start + i * w + j];
                }
            }
        }
    }
}
