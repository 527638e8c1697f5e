package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.activate;
import static wengert.tensor.cpu.ChannelLoops.rectify;
import static wengert.tensor.cpu.ChannelLoops.whole;

/// [ChannelLoops] for short runs: a band of `w` adjacent columns, channel beside channel, and row after row,
/// image after image, `step` apart. Constants are rows of `w` numbers as well, one behind the other in `p` at
/// the places named here; so are sums, in `acc`, to which every image adds its own.
final class ColumnLoops {
    static final int CENTER = 0;
    static final int STEEP = 1;
    static final int BETA = 2;
    /// First of the constants of one loop alone.
    static final int OWN = 3;
    /// How many constants there are at most.
    static final int CONSTANTS = OWN + 7;

    private ColumnLoops() {
    }

    /// Adds x − CENTER and (x − CENTER)².
    static void moments(float[] x, int xo, int rows, int step, int w, float[] p, float[] acc) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.moments(x, xo, rows, step, w, whole, p, acc);
        }
        for (int r = 0; r < rows; r++) {
            for (int j = whole; j < w; j++) {
                float d = x[xo + r * step + j] - p[j];
                acc[j] += d;
                acc[w + j] = Math.fma(d, d, acc[w + j]);
            }
        }
    }

    /// y = φ(z).
    static void forward(float[] x, int xo, float[] y, int yo, int rows, int step, int w, float slope,
            float[] p) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.forward(x, xo, y, yo, rows, step, w, whole, slope, p);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = whole; j < w; j++) {
                float u = x[xo + at + j] - p[j];
                y[yo + at + j] = activate(Math.fma(u, p[STEEP * w + j], p[BETA * w + j]), slope);
            }
        }
    }

    /// Adds d and d·u.
    static void sums(float[] x, int xo, float[] dy, int go, int rows, int step, int w, float slope, float[] p,
            float[] acc) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.sums(x, xo, dy, go, rows, step, w, whole, slope, p, acc);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = whole; j < w; j++) {
                float u = x[xo + at + j] - p[j];
                float d = rectify(Math.fma(u, p[STEEP * w + j], p[BETA * w + j]), dy[go + at + j], slope);
                acc[j] += d;
                acc[w + j] = Math.fma(d, u, acc[w + j]);
            }
        }
    }

    /// dx = d·K0 + u·K1 + K2, K0 … being the loop's own constants.
    static void backward(float[] x, int xo, float[] dy, int go, float[] dx, int to, int rows, int step, int w,
            float slope, float[] p) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.backward(x, xo, dy, go, dx, to, rows, step, w, whole, slope, p);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = whole; j < w; j++) {
                float u = x[xo + at + j] - p[j];
                float d = rectify(Math.fma(u, p[STEEP * w + j], p[BETA * w + j]), dy[go + at + j], slope);
                dx[to + at + j] = Math.fma(d, p[OWN * w + j],
                        Math.fma(u, p[(OWN + 1) * w + j], p[(OWN + 2) * w + j]));
            }
        }
    }

    /// Adds d, d·u, a, a·u, a·d.
    static void secondSums(float[] x, int xo, float[] dy, int go, float[] a, int ao, int rows, int step,
            int w, float slope, float[] p, float[] acc) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.secondSums(x, xo, dy, go, a, ao, rows, step, w, whole, slope, p, acc);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = whole; j < w; j++) {
                float u = x[xo + at + j] - p[j];
                float d = rectify(Math.fma(u, p[STEEP * w + j], p[BETA * w + j]), dy[go + at + j], slope);
                float c = a[ao + at + j];
                acc[j] += d;
                acc[w + j] = Math.fma(d, u, acc[w + j]);
                acc[2 * w + j] += c;
                acc[3 * w + j] = Math.fma(c, u, acc[3 * w + j]);
                acc[4 * w + j] = Math.fma(c, d, acc[4 * w + j]);
            }
        }
    }

    /// dx = a·K0 + d·K1 + u·K2 + K3 and ddy = φ(a·K4 + u·K5 + K6), K0 … being the loop's own constants.
    static void second(float[] x, int xo, float[] dy, int go, float[] a, int ao, float[] dx, int to,
            float[] ddy, int dyo, int rows, int step, int w, float slope, float[] p) {
        int whole = whole(w);
        if (whole > 0) {
            VectorColumnLoops.second(x, xo, dy, go, a, ao, dx, to, ddy, dyo, rows, step, w, whole, slope, p);
        }
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = whole; j < w; j++) {
                int k = OWN * w + j;
                float u = x[xo + at + j] - p[j];
                float z = Math.fma(u, p[STEEP * w + j], p[BETA * w + j]);
                float d = rectify(z, dy[go + at + j], slope);
                float c = a[ao + at + j];
                dx[to + at + j] = Math.fma(c, p[k], Math.fma(d, p[k + w],
                        Math.fma(u, p[k + 2 * w], p[k + 3 * w])));
                ddy[dyo + at + j] = rectify(z, Math.fma(c, p[k + 4 * w],
                        Math.fma(u, p[k + 5 * w], p[k + 6 * w])), slope);
            }
        }
    }
}
