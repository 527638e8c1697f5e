package wengert.tensor.cpu;

import java.util.Arrays;

/// [Softmaxes] of lines that lie side by side: a band of `w` adjacent columns of n rows, `step` apart, that
/// stays in the second-level cache. Every row is a vector loop; what a column shares (its largest, its sum)
/// stands in rows of scratch memory.
final class F32SoftmaxColumns {
    /// Numbers of a band.
    private static final int BAND = 32_768;
    private static final int WIDEST = 512;
    /// Narrower rows would be pieces of cache lines and pages, dearer than a band beyond the cache.
    private static final int NARROWEST = 128;

    private F32SoftmaxColumns() {
    }

    /// Columns of a band of n rows.
    static int width(int n) {
        return Math.clamp(BAND / n & -16, NARROWEST, WIDEST);
    }

    /// @return false, with nothing of use written, if a largest number is not finite: single lines know what
    ///         then
    static boolean softmax(float[] x, int xo, float[] y, int yo, int n, int step, int w) {
        float[] top = new float[w];
        double[] sum = Scratch.mine().doubles(0, w);
        if (!peak(x, xo, n, step, w, top)) {
            return false;
        }
        Arrays.fill(sum, 0, w, 0);
        for (int i = 0; i < n; i++) {
            exp(x, xo + i * step, top, y, yo + i * step, w);
            add(y, yo + i * step, sum, w);
        }
        float[] high = Scratch.mine().floats(0, w);
        float[] low = Scratch.mine().floats(1, w);
        for (int j = 0; j < w; j++) {
            double share = 1 / sum[j];
            high[j] = (float) share;
            low[j] = (float) (share - high[j]);
        }
        for (int i = 0; i < n; i++) {
            int at = yo + i * step;
            int done = Simd.PRESENT ? VectorSoftmax.scale(y, at, high, low, w) : 0;
            for (int j = done; j < w; j++) {
                y[at + j] = Math.fma(y[at + j], high[j], y[at + j] * low[j]);
            }
        }
        return true;
    }

    /// As [#softmax].
    static boolean logSoftmax(float[] x, int xo, float[] y, int yo, int n, int step, int w) {
        float[] top = new float[w];
        double[] sum = Scratch.mine().doubles(0, w);
        float[] row = Scratch.mine().floats(0, w);
        if (!peak(x, xo, n, step, w, top)) {
            return false;
        }
        Arrays.fill(sum, 0, w, 0);
        for (int i = 0; i < n; i++) {
            exp(x, xo + i * step, top, row, 0, w);
            add(row, 0, sum, w);
        }
        for (int j = 0; j < w; j++) {
            row[j] = (float) StrictMath.log(sum[j]);
        }
        for (int i = 0; i < n; i++) {
            int from = xo + i * step;
            int to = yo + i * step;
            int done = Simd.PRESENT ? VectorSoftmax.logs(x, from, top, row, y, to, w) : 0;
            for (int j = done; j < w; j++) {
                y[to + j] = x[from + j] - top[j] - row[j];
            }
        }
        return true;
    }

    static void softmaxGradient(float[] y, int yo, float[] dy, int go, float[] dx, int to, int n, int step,
            int w) {
        double[] dot = Scratch.mine().doubles(0, w);
        Arrays.fill(dot, 0, w, 0);
        for (int i = 0; i < n; i++) {
            addProducts(y, yo + i * step, dy, go + i * step, dot, w);
        }
        float[] sum = rounded(dot, w);
        for (int i = 0; i < n; i++) {
            int at = i * step;
            int done = Simd.PRESENT ? VectorSoftmax.gradient(y, yo + at, dy, go + at, sum, dx, to + at, w)
                    : 0;
            for (int j = done; j < w; j++) {
                dx[to + at + j] = y[yo + at + j] * (dy[go + at + j] - sum[j]);
            }
        }
    }

    static void logSoftmaxGradient(float[] y, int yo, float[] dy, int go, float[] dx, int to, int n, int step,
            int w) {
        double[] total = Scratch.mine().doubles(0, w);
        Arrays.fill(total, 0, w, 0);
        for (int i = 0; i < n; i++) {
            add(dy, go + i * step, total, w);
        }
        float[] sum = rounded(total, w);
        for (int i = 0; i < n; i++) {
            int at = i * step;
            F32Softmax.exp(y, yo + at, 0, dx, to + at, w);
            int done = Simd.PRESENT ? VectorSoftmax.logGradient(dy, go + at, sum, dx, to + at, w) : 0;
            for (int j = done; j < w; j++) {
                dx[to + at + j] = Math.fma(dx[to + at + j], -sum[j], dy[go + at + j]);
            }
        }
    }

    private static float[] rounded(double[] sum, int w) {
        float[] rounded = Scratch.mine().floats(0, w);
        for (int j = 0; j < w; j++) {
            rounded[j] = (float) sum[j];
        }
        return rounded;
    }

    /// The largest number of each column, NaN aside.
    ///
    /// @return whether all are finite
    private static boolean peak(float[] x, int xo, int n, int step, int w, float[] top) {
        Arrays.fill(top, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            int at = xo + i * step;
            int done = Simd.PRESENT ? VectorSoftmax.peak(x, at, top, w) : 0;
            for (int j = done; j < w; j++) {
                top[j] = x[at + j] > top[j] ? x[at + j] : top[j];
            }
        }
        for (float t : top) {
            if (!(Math.abs(t) <= Float.MAX_VALUE)) {
                return false;
            }
        }
        return true;
    }

    private static void exp(float[] x, int xo, float[] top, float[] y, int yo, int w) {
        int done = Simd.PRESENT ? VectorSoftmax.exp(x, xo, top, y, yo, w) : 0;
        for (int j = done; j < w; j++) {
            y[yo + j] = F32Softmax.exp(x[xo + j], top[j]);
        }
    }

    private static void add(float[] x, int at, double[] sum, int w) {
        for (int j = 0; j < w; j++) {
            sum[j] += x[at + j];
        }
    }

    private static void addProducts(float[] x, int xo, float[] y, int yo, double[] sum, int w) {
        for (int j = 0; j < w; j++) {
            sum[j] += (double) x[xo + j] * y[yo + j];
        }
    }
}
