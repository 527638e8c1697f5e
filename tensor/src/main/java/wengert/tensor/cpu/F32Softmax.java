package wengert.tensor.cpu;

/// One line of [Softmaxes] in f32, in passes over a line that stays in the cache. Sums are in double, eight
/// lanes as [Sums] says, so that no vector width changes a bit.
final class F32Softmax {
    /// Numbers between two looks at the sum: what has been written is summed while it is near.
    private static final int CHUNK = 2048;

    private F32Softmax() {
    }

    static void softmax(float[] x, int xo, float[] y, int yo, int n) {
        double share = 1 / exponentials(x, xo, peak(x, xo, n), y, yo, n, true);
        float high = (float) share;
        float low = (float) (share - high);
        for (int i = yo; i < yo + n; i++) {
            y[i] = Math.fma(y[i], high, y[i] * low); // as if divided in double: rounded once
        }
    }

    static void softmaxGradient(float[] y, int yo, float[] dy, int go, float[] dx, int to, int n) {
        double dot = 0;
        for (int i = 0; i < n; i += CHUNK) {
            dot += Sums.dot(y, yo + i, dy, go + i, Math.min(CHUNK, n - i));
        }
        float sum = (float) dot;
        int done = Simd.PRESENT ? VectorSoftmax.gradient(y, yo, dy, go, sum, dx, to, n) : 0;
        for (int i = done; i < n; i++) {
            dx[to + i] = y[yo + i] * (dy[go + i] - sum);
        }
    }

    static void logSoftmax(float[] x, int xo, float[] y, int yo, int n) {
        float top = peak(x, xo, n);
        float log = (float) StrictMath.log(exponentials(x, xo, top, y, yo, n, true));
        float base = finite(top);
        int done = Simd.PRESENT ? VectorSoftmax.logs(x, xo, base, log, y, yo, n) : 0;
        for (int i = done; i < n; i++) {
            y[yo + i] = x[xo + i] - base - log;
        }
    }

    static void logSoftmaxGradient(float[] y, int yo, float[] dy, int go, float[] dx, int to, int n) {
        double total = 0;
        for (int i = 0; i < n; i += CHUNK) {
            total += Sums.sum(dy, go + i, Math.min(CHUNK, n - i));
        }
        float sum = (float) total;
        exp(y, yo, 0, dx, to, n);
        int done = Simd.PRESENT ? VectorSoftmax.logGradient(dy, go, sum, dx, to, n) : 0;
        for (int i = done; i < n; i++) {
            dx[to + i] = Math.fma(dx[to + i], -sum, dy[go + i]);
        }
    }

    /// −(logSoftmax of x)[target].
    static float crossEntropy(float[] x, int xo, int target, int n) {
        float top = peak(x, xo, n);
        float[] room = Scratch.mine().floats(6, CHUNK);
        float log = (float) StrictMath.log(exponentials(x, xo, top, room, 0, n, false));
        return log - (x[xo + target] - finite(top));
    }

    static void crossEntropyGradient(float[] x, int xo, int target, float dy, float[] dx, int to, int n) {
        double sum = exponentials(x, xo, peak(x, xo, n), dx, to, n, true);
        double others = sum - dx[to + target];
        float share = (float) (dy / sum);
        for (int i = to; i < to + n; i++) {
            dx[i] *= share;
        }
        dx[to + target] = (float) (-dy * (others / sum));
    }

    /// The largest number of a line, NaN aside; −∞ of nothing but NaN.
    private static float peak(float[] x, int at, int n) {
        if (Simd.PRESENT && n >= 4 * Species.LANES) {
            return VectorSoftmax.peak(x, at, n);
        }
        float best = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            best = x[i] > best ? x[i] : best;
        }
        return best;
    }

    private static float finite(float top) {
        return Math.abs(top) <= Float.MAX_VALUE ? top : 0;
    }

    /// Writes `e^(x − top)` and returns the sum of it.
    ///
    /// @param keep false if y has room for one chunk only, and its content does not matter
    private static double exponentials(float[] x, int xo, float top, float[] y, int yo, int n, boolean keep) {
        double sum = 0;
        for (int i = 0; i < n; i += CHUNK) {
            int m = Math.min(CHUNK, n - i);
            int at = keep ? yo + i : yo;
            if (finite(top) == top) {
                exp(x, xo + i, top, y, at, m);
            } else {
                for (int j = 0; j < m; j++) {
                    y[at + j] = F32Math.exp(x[xo + i + j]);
                }
            }
            sum += Sums.sum(y, at, m);
        }
        return sum;
    }

    /// `y = e^(x − top)`, see [#exp(float, float)].
    static void exp(float[] x, int xo, float top, float[] y, int yo, int n) {
        int done = Simd.PRESENT ? VectorSoftmax.exp(x, xo, top, y, yo, n) : 0;
        for (int i = done; i < n; i++) {
            y[yo + i] = exp(x[xo + i], top);
        }
    }

    /// `e^(x − top)` for x up to top, as [F32Math#exp] does, but with what the rounding of the difference has
    /// lost: at −16 that alone would be 8 ulp of the result.
    static float exp(float x, float top) {
        float d = x - top;
        float back = d - x;
        float lost = x - (d - back) - (top + back);
        float v = d;
        if (d < F32Math.EXP_MIN) {
            v = F32Math.EXP_MIN;
            lost = 0;
        }
        float z = Math.fma(v, F32Math.LOG2_E, F32Math.ROUNDER);
        float m = z - F32Math.ROUNDER;
        float hi = Math.fma(m, -F32Math.LN2_HI, v);
        float lo = Math.fma(m, -F32Math.LN2_LO, lost);
        float r = hi + lo;
        float s = r * r;
        float q = Math.fma(s, F32Math.E4, Math.fma(r, F32Math.E3, F32Math.E2));
        q = Math.fma(s, q, Math.fma(r, F32Math.E1, F32Math.E0));
        float p = hi + Math.fma(s, q, lo) + 1f;
        int power = (Float.floatToRawIntBits(z) + (F32Math.BIAS + 64)) << 23;
        return p * Float.intBitsToFloat(power) * 0x1p-64f;
    }
}
