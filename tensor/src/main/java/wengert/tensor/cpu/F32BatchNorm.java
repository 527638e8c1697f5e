package wengert.tensor.cpu;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.spi.ReduceKind;

// N batch, C channels, L values per image and channel; M = N·L.
/// Batch normalisation of f32, a channel per tile: one pass for the sums, in double, and one for the output.
///
/// The variance comes from Σ(x − s) and Σ(x − s)² with s the mean of the first image. As that image is one of
/// N, (s − mean)² ≤ N·var: the subtraction loses a factor N of double's precision at most, whatever the data.
final class F32BatchNorm {
    private F32BatchNorm() {
    }

    static void forward(Layout z, float[] x, int xo, double[] gamma, double[] beta, double eps, float[] y,
            int yo, double[] mean, double[] var) {
        double m = (double) z.n() * z.l();
        Parallel.run(z.c(), c -> {
            double shift = Sums.sum(x, xo + z.start(0, c), z.l()) / z.l();
            Folds.Tree sum = new Folds.Tree(ReduceKind.SUM);
            Folds.Tree squares = new Folds.Tree(ReduceKind.SUM);
            double[] two = new double[2];
            for (int n = 0; n < z.n(); n++) {
                Sums.moments(x, xo + z.start(n, c), z.l(), shift, two);
                sum.add(two[0]);
                squares.add(two[1]);
            }
            double away = sum.total() / m;
            double v = Math.max(0, squares.total() / m - away * away);
            double mu = shift + away;
            mean[c] = mu;
            var[c] = v;
            double scale = gamma[c] / Math.sqrt(v + eps);
            // x − mu in f32, with what mu loses by rounding put into the constant
            float center = (float) mu;
            float constant = (float) (beta[c] - (mu - center) * scale);
            for (int n = 0; n < z.n(); n++) {
                scale(x, xo + z.start(n, c), y, yo + z.start(n, c), z.l(), center, (float) scale, constant);
            }
        });
    }

    private static void scale(float[] x, int xo, float[] y, int yo, int n, float center, float scale,
            float constant) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Math.fma(x[xo + i] - center, scale, constant);
        }
    }

    static void backward(Layout z, float[] x, int xo, double[] gamma, float[] dy, int go, double[] mean,
            double[] var, double eps, float[] dx, int to, double[] dgamma, double[] dbeta) {
        double m = (double) z.n() * z.l();
        Parallel.run(z.c(), c -> {
            Folds.Tree sum = new Folds.Tree(ReduceKind.SUM);
            Folds.Tree products = new Folds.Tree(ReduceKind.SUM);
            double[] two = new double[2];
            double mu = mean[c];
            for (int n = 0; n < z.n(); n++) {
                Sums.products(x, xo + z.start(n, c), dy, go + z.start(n, c), z.l(), mu, two);
                sum.add(two[0]);
                products.add(two[1]);
            }
            double inverse = 1 / Math.sqrt(var[c] + eps);
            dbeta[c] = sum.total();
            dgamma[c] = products.total() * inverse;
            double scale = gamma[c] * inverse;
            double slope = -scale * inverse * dgamma[c] / m;
            float center = (float) mu;
            float constant = (float) (-scale * dbeta[c] / m - (mu - center) * slope);
            for (int n = 0; n < z.n(); n++) {
                combine(dy, go + z.start(n, c), x, xo + z.start(n, c), dx, to + z.start(n, c), z.l(),
                        (float) scale, center, (float) slope, constant);
            }
        });
    }

    private static void combine(float[] dy, int go, float[] x, int xo, float[] dx, int to, int n, float scale,
            float center, float slope, float constant) {
        for (int i = 0; i < n; i++) {
            dx[to + i] = Math.fma(dy[go + i], scale, Math.fma(x[xo + i] - center, slope, constant));
        }
    }
}
