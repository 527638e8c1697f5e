package wengert.tensor.cpu;

// p parameter, g gradient, m v running means of it and of its square.
/// The loops of [Optimizers] in f32. The compiler makes vector code of them since all arrays have one index:
/// with offsets of their own it would have to assume that one may be another's neighbour.
///
/// A running mean `(1 − share) · m + share · x` is computed as `(m − share·m) + share·x` with one rounding
/// each: with 0.999 rounded to f32, 1 − 0.999 would be off by 1e-5, and the mean of a constant would not be
/// that constant.
final class F32Optimizers {
    private F32Optimizers() {
    }

    /// @param max    largest v so far, or null
    /// @param share1 1 − β1
    /// @param share2 1 − β2
    static void adam(float[] p, float[] g, float[] m, float[] v, float[] max, int from, int to, float share1,
            float share2, float decay, float keep, float rate, float eps) {
        if (max != null) {
            amsgrad(p, g, m, v, max, from, to, share1, share2, decay, keep, rate, eps);
            return;
        }
        for (int i = from; i < to; i++) {
            float d = Math.fma(decay, p[i], g[i]);
            float first = Math.fma(share1, d, Math.fma(-share1, m[i], m[i]));
            float second = Math.fma(share2, d * d, Math.fma(-share2, v[i], v[i]));
            m[i] = first;
            v[i] = second;
            p[i] = Math.fma(rate, first / ((float) Math.sqrt(second) + eps), keep * p[i]);
        }
    }

    private static void amsgrad(float[] p, float[] g, float[] m, float[] v, float[] max, int from, int to,
            float share1, float share2, float decay, float keep, float rate, float eps) {
        for (int i = from; i < to; i++) {
            float d = Math.fma(decay, p[i], g[i]);
            float first = Math.fma(share1, d, Math.fma(-share1, m[i], m[i]));
            float second = Math.fma(share2, d * d, Math.fma(-share2, v[i], v[i]));
            m[i] = first;
            v[i] = second;
            float largest = Math.max(max[i], second);
            max[i] = largest;
            p[i] = Math.fma(rate, first / ((float) Math.sqrt(largest) + eps), keep * p[i]);
        }
    }

    /// @param m     momentum, or null
    /// @param share of the gradient that goes into m
    static void sgd(float[] p, float[] g, float[] m, int from, int to, float momentum, float share,
            boolean nesterov, float decay, float rate) {
        if (m == null) {
            for (int i = from; i < to; i++) {
                p[i] = Math.fma(rate, Math.fma(decay, p[i], g[i]), p[i]);
            }
        } else if (nesterov) {
            for (int i = from; i < to; i++) {
                float d = Math.fma(decay, p[i], g[i]);
                float next = Math.fma(momentum, m[i], share * d);
                m[i] = next;
                p[i] = Math.fma(rate, Math.fma(momentum, next, d), p[i]);
            }
        } else {
            for (int i = from; i < to; i++) {
                float next = Math.fma(momentum, m[i], share * Math.fma(decay, p[i], g[i]));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
        }
    }

    /// @param a     running mean of the gradient, or null
    /// @param m     momentum, or null
    /// @param share 1 − alpha
    static void rmsProp(float[] p, float[] g, float[] v, float[] a, float[] m, int from, int to, float share,
            float momentum, float decay, float rate, float eps) {
        if (a != null) {
            centered(p, g, v, a, m, from, to, share, momentum, decay, rate, eps);
            return;
        }
        if (m != null) {
            for (int i = from; i < to; i++) {
                float x = Math.fma(decay, p[i], g[i]);
                float square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
                v[i] = square;
                float next = Math.fma(momentum, m[i], x / ((float) Math.sqrt(square) + eps));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            float x = Math.fma(decay, p[i], g[i]);
            float square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
            v[i] = square;
            p[i] = Math.fma(rate, x / ((float) Math.sqrt(square) + eps), p[i]);
        }
    }

    private static void centered(float[] p, float[] g, float[] v, float[] a, float[] m, int from, int to,
            float share, float momentum, float decay, float rate, float eps) {
        if (m != null) {
            for (int i = from; i < to; i++) {
                float x = Math.fma(decay, p[i], g[i]);
                float square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
                v[i] = square;
                float mean = Math.fma(share, x, Math.fma(-share, a[i], a[i]));
                a[i] = mean;
                square = Math.max(Math.fma(-mean, mean, square), 0f);
                float next = Math.fma(momentum, m[i], x / ((float) Math.sqrt(square) + eps));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            float x = Math.fma(decay, p[i], g[i]);
            float square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
            v[i] = square;
            float mean = Math.fma(share, x, Math.fma(-share, a[i], a[i]));
            a[i] = mean;
            square = Math.max(Math.fma(-mean, mean, square), 0f);
            p[i] = Math.fma(rate, x / ((float) Math.sqrt(square) + eps), p[i]);
        }
    }

    /// @param v sum of squares
    static void adagrad(float[] p, float[] g, float[] v, int from, int to, float decay, float rate,
            float eps) {
        for (int i = from; i < to; i++) {
            float d = Math.fma(decay, p[i], g[i]);
            float sum = Math.fma(d, d, v[i]);
            v[i] = sum;
            p[i] = Math.fma(rate, d / ((float) Math.sqrt(sum) + eps), p[i]);
        }
    }
}
