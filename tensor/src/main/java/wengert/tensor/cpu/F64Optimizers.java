package wengert.tensor.cpu;

// p parameter, g gradient, m v running means of it and of its square.
/// The loops of [Optimizers] in f64; see [F32Optimizers].
final class F64Optimizers {
    private F64Optimizers() {
    }

    /// @param max    largest v so far, or null
    /// @param share1 1 − β1
    /// @param share2 1 − β2
    static void adam(double[] p, double[] g, double[] m, double[] v, double[] max, int from, int to,
            double share1, double share2, double decay, double keep, double rate, double eps) {
        if (max != null) {
            amsgrad(p, g, m, v, max, from, to, share1, share2, decay, keep, rate, eps);
            return;
        }
        for (int i = from; i < to; i++) {
            double d = Math.fma(decay, p[i], g[i]);
            double first = Math.fma(share1, d, Math.fma(-share1, m[i], m[i]));
            double second = Math.fma(share2, d * d, Math.fma(-share2, v[i], v[i]));
            m[i] = first;
            v[i] = second;
            p[i] = Math.fma(rate, first / (Math.sqrt(second) + eps), keep * p[i]);
        }
    }

    private static void amsgrad(double[] p, double[] g, double[] m, double[] v, double[] max, int from,
            int to, double share1, double share2, double decay, double keep, double rate, double eps) {
        for (int i = from; i < to; i++) {
            double d = Math.fma(decay, p[i], g[i]);
            double first = Math.fma(share1, d, Math.fma(-share1, m[i], m[i]));
            double second = Math.fma(share2, d * d, Math.fma(-share2, v[i], v[i]));
            m[i] = first;
            v[i] = second;
            double largest = Math.max(max[i], second);
            max[i] = largest;
            p[i] = Math.fma(rate, first / (Math.sqrt(largest) + eps), keep * p[i]);
        }
    }

    /// @param m     momentum, or null
    /// @param share of the gradient that goes into m
    static void sgd(double[] p, double[] g, double[] m, int from, int to, double momentum, double share,
            boolean nesterov, double decay, double rate) {
        if (m == null) {
            for (int i = from; i < to; i++) {
                p[i] = Math.fma(rate, Math.fma(decay, p[i], g[i]), p[i]);
            }
        } else if (nesterov) {
            for (int i = from; i < to; i++) {
                double d = Math.fma(decay, p[i], g[i]);
                double next = Math.fma(momentum, m[i], share * d);
                m[i] = next;
                p[i] = Math.fma(rate, Math.fma(momentum, next, d), p[i]);
            }
        } else {
            for (int i = from; i < to; i++) {
                double next = Math.fma(momentum, m[i], share * Math.fma(decay, p[i], g[i]));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
        }
    }

    /// @param a     running mean of the gradient, or null
    /// @param m     momentum, or null
    /// @param share 1 − alpha
    static void rmsProp(double[] p, double[] g, double[] v, double[] a, double[] m, int from, int to,
            double share, double momentum, double decay, double rate, double eps) {
        if (a != null) {
            centered(p, g, v, a, m, from, to, share, momentum, decay, rate, eps);
            return;
        }
        if (m != null) {
            for (int i = from; i < to; i++) {
                double x = Math.fma(decay, p[i], g[i]);
                double square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
                v[i] = square;
                double next = Math.fma(momentum, m[i], x / (Math.sqrt(square) + eps));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            double x = Math.fma(decay, p[i], g[i]);
            double square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
            v[i] = square;
            p[i] = Math.fma(rate, x / (Math.sqrt(square) + eps), p[i]);
        }
    }

    private static void centered(double[] p, double[] g, double[] v, double[] a, double[] m, int from,
            int to, double share, double momentum, double decay, double rate, double eps) {
        if (m != null) {
            for (int i = from; i < to; i++) {
                double x = Math.fma(decay, p[i], g[i]);
                double square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
                v[i] = square;
                double mean = Math.fma(share, x, Math.fma(-share, a[i], a[i]));
                a[i] = mean;
                square = Math.max(Math.fma(-mean, mean, square), 0);
                double next = Math.fma(momentum, m[i], x / (Math.sqrt(square) + eps));
                m[i] = next;
                p[i] = Math.fma(rate, next, p[i]);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            double x = Math.fma(decay, p[i], g[i]);
            double square = Math.fma(share, x * x, Math.fma(-share, v[i], v[i]));
            v[i] = square;
            double mean = Math.fma(share, x, Math.fma(-share, a[i], a[i]));
            a[i] = mean;
            square = Math.max(Math.fma(-mean, mean, square), 0);
            p[i] = Math.fma(rate, x / (Math.sqrt(square) + eps), p[i]);
        }
    }

    /// @param v sum of squares
    static void adagrad(double[] p, double[] g, double[] v, int from, int to, double decay, double rate,
            double eps) {
        for (int i = from; i < to; i++) {
            double d = Math.fma(decay, p[i], g[i]);
            double sum = Math.fma(d, d, v[i]);
            v[i] = sum;
            p[i] = Math.fma(rate, d / (Math.sqrt(sum) + eps), p[i]);
        }
    }
}
