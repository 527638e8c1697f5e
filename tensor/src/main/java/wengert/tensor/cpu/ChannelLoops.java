package wengert.tensor.cpu;

/// Inner loops of normalisation where gamma and beta are one number. They go through a *strip*: `runs` runs
/// of `len` adjacent floats, `step` apart, the same in all arrays. The letters are those of
/// [wengert.tensor.spi.NormKernels]; constants come in one array, at the places named here. Loops go without
/// x̂: with `u = x − CENTER` and SCALE = 1/σ it is u · SCALE, and `z = STEEP · u + BETA`, STEEP = gamma ·
/// SCALE.
///
/// Vectors do all whole eights of each run, plain loops of the same operations the rest: numbers of the
/// results have the same bits either way. Sums run in float over at most [#CHUNK] numbers, in as many lanes
/// as vectors have, and in double above that, in one order.
final class ChannelLoops {
    static final int CENTER = 0;
    static final int SCALE = 1;
    static final int STEEP = 2;
    static final int BETA = 3;
    static final int SLOPE = 4;
    /// First of the constants of one loop alone.
    static final int OWN = 5;
    /// How many constants there are at most.
    static final int CONSTANTS = OWN + 7;
    /// Most numbers that are summed in float.
    static final int CHUNK = 2048;

    private ChannelLoops() {
    }

    /// Numbers of a run that vectors do.
    static int whole(int len) {
        return Simd.PRESENT && Species.LANES >= 8 ? len & -8 : 0;
    }

    /// Runs that are summed together.
    static int together(int whole) {
        return Math.max(1, CHUNK / whole);
    }

    /// z ≤ 0 ? slope · z : z, exactly 0 for slope 0; NaN stays.
    static float activate(float z, float slope) {
        return slope == 1f || z != z ? z : rectify(z, z, slope);
    }

    /// z > 0 ? v : slope · v, exactly 0 there for slope 0. By a mask on the bits: a choice in a loop is a
    /// jump, and mostly a wrong guess.
    static float rectify(float z, float v, float slope) {
        if (slope == 1f) {
            return v;
        }
        // bits of a number above 0, infinity too: 1 to 0x7f800000
        int bits = Float.floatToRawIntBits(z) - 1;
        int above = ~(bits >> 31) & bits - 0x7f800000 >> 31;
        float below = slope == 0f ? 0f : slope * v;
        return Float.intBitsToFloat(Float.floatToRawIntBits(v) & above | Float.floatToRawIntBits(below)
                & ~above);
    }

    /// Adds Σ(x − shift) and Σ(x − shift)².
    static void moments(float[] x, int xo, int runs, int step, int len, float shift, double[] sums) {
        int whole = whole(len);
        if (whole > 0) {
            int some = together(whole);
            for (int r = 0; r < runs; r += some) {
                for (int i = 0; i < whole; i += CHUNK) {
                    VectorChannelLoops.moments(x, xo + r * step + i, Math.min(some, runs - r), step,
                            Math.min(CHUNK, whole - i), shift, sums);
                }
            }
        }
        for (int r = 0; r < runs; r++) {
            double s = 0;
            double q = 0;
            for (int i = xo + r * step + whole, end = xo + r * step + len; i < end; i++) {
                float d = x[i] - shift;
                s += d;
                q += (double) d * d;
            }
            sums[0] += s;
            sums[1] += q;
        }
    }

    /// y = φ(z).
    static void forward(float[] x, int xo, float[] y, int yo, int runs, int step, int len, float[] k) {
        int whole = whole(len);
        if (whole > 0) {
            VectorChannelLoops.forward(x, xo, y, yo, runs, step, whole, k);
        }
        float center = k[CENTER];
        float steep = k[STEEP];
        float beta = k[BETA];
        float slope = k[SLOPE];
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at + whole; i < at + len; i++) {
                y[yo + i] = activate(Math.fma(x[xo + i] - center, steep, beta), slope);
            }
        }
    }

    /// Adds Σd and Σd·u.
    static void sums(float[] x, int xo, float[] dy, int go, int runs, int step, int len, float[] k,
            double[] sums) {
        int whole = whole(len);
        if (whole > 0) {
            int some = together(whole);
            for (int r = 0; r < runs; r += some) {
                for (int i = 0; i < whole; i += CHUNK) {
                    int at = r * step + i;
                    VectorChannelLoops.sums(x, xo + at, dy, go + at, Math.min(some, runs - r), step,
                            Math.min(CHUNK, whole - i), k, sums);
                }
            }
        }
        float center = k[CENTER];
        float steep = k[STEEP];
        float beta = k[BETA];
        float slope = k[SLOPE];
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            double s = 0;
            double p = 0;
            for (int i = at + whole; i < at + len; i++) {
                float u = x[xo + i] - center;
                float d = rectify(Math.fma(u, steep, beta), dy[go + i], slope);
                s += d;
                p += (double) d * u;
            }
            sums[0] += s;
            sums[1] += p;
        }
    }

    /// dx = d·K0 + u·K1 + K2, K0 … being the loop's own constants.
    static void backward(float[] x, int xo, float[] dy, int go, float[] dx, int to, int runs, int step,
            int len, float[] k) {
        int whole = whole(len);
        if (whole > 0) {
            VectorChannelLoops.backward(x, xo, dy, go, dx, to, runs, step, whole, k);
        }
        float center = k[CENTER];
        float steep = k[STEEP];
        float beta = k[BETA];
        float slope = k[SLOPE];
        float k0 = k[OWN];
        float k1 = k[OWN + 1];
        float k2 = k[OWN + 2];
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at + whole; i < at + len; i++) {
                float u = x[xo + i] - center;
                float d = rectify(Math.fma(u, steep, beta), dy[go + i], slope);
                dx[to + i] = Math.fma(d, k0, Math.fma(u, k1, k2));
            }
        }
    }

    /// Adds Σd, Σd·u, Σa, Σa·u, Σa·d.
    static void secondSums(float[] x, int xo, float[] dy, int go, float[] a, int ao, int runs, int step,
            int len, float[] k, double[] sums) {
        int whole = whole(len);
        if (whole > 0) {
            int some = together(whole);
            for (int r = 0; r < runs; r += some) {
                for (int i = 0; i < whole; i += CHUNK) {
                    int at = r * step + i;
                    VectorChannelLoops.secondSums(x, xo + at, dy, go + at, a, ao + at,
                            Math.min(some, runs - r), step, Math.min(CHUNK, whole - i), k, sums);
                }
            }
        }
        float center = k[CENTER];
        float steep = k[STEEP];
        float beta = k[BETA];
        float slope = k[SLOPE];
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            double s = 0;
            double p = 0;
            double t = 0;
            double w = 0;
            double v = 0;
            for (int i = at + whole; i < at + len; i++) {
                float u = x[xo + i] - center;
                float d = rectify(Math.fma(u, steep, beta), dy[go + i], slope);
                float c = a[ao + i];
                s += d;
                p += (double) d * u;
                t += c;
                w += (double) c * u;
                v += (double) c * d;
            }
            sums[0] += s;
            sums[1] += p;
            sums[2] += t;
            sums[3] += w;
            sums[4] += v;
        }
    }

    /// dx = a·K0 + d·K1 + u·K2 + K3 and ddy = φ(a·K4 + u·K5 + K6), K0 … being the loop's own constants.
    static void second(float[] x, int xo, float[] dy, int go, float[] a, int ao, float[] dx, int to,
            float[] ddy, int dyo, int runs, int step, int len, float[] k) {
        int whole = whole(len);
        if (whole > 0) {
            VectorChannelLoops.second(x, xo, dy, go, a, ao, dx, to, ddy, dyo, runs, step, whole, k);
        }
        float center = k[CENTER];
        float steep = k[STEEP];
        float beta = k[BETA];
        float slope = k[SLOPE];
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at + whole; i < at + len; i++) {
                float u = x[xo + i] - center;
                float z = Math.fma(u, steep, beta);
                float d = rectify(z, dy[go + i], slope);
                float c = a[ao + i];
                dx[to + i] = Math.fma(c, k[OWN], Math.fma(d, k[OWN + 1],
                        Math.fma(u, k[OWN + 2], k[OWN + 3])));
                ddy[dyo + i] = rectify(z, Math.fma(c, k[OWN + 4], Math.fma(u, k[OWN + 5], k[OWN + 6])),
                        slope);
            }
        }
    }
}
