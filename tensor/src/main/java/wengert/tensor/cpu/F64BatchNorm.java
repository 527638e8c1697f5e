package wengert.tensor.cpu;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.spi.ReduceKind;

// N batch, C channels, L values per image and channel; M = N·L.
/// Batch normalisation of f64, a channel per tile. Sums run image by image, in double, in the order of
/// [Folds].
final class F64BatchNorm {
    private F64BatchNorm() {
    }

    static void forward(Layout z, double[] x, int xo, double[] gamma, double[] beta, double eps, double[] y,
            int yo, double[] mean, double[] var) {
        double m = (double) z.n() * z.l();
        Parallel.run(z.c(), c -> {
            Folds.Tree sum = new Folds.Tree(ReduceKind.SUM);
            for (int n = 0; n < z.n(); n++) {
                sum.add(sum(x, xo + z.start(n, c), z.l()));
            }
            double mu = sum.total() / m;
            Folds.Tree squares = new Folds.Tree(ReduceKind.SUM);
            for (int n = 0; n < z.n(); n++) {
                squares.add(squares(x, xo + z.start(n, c), z.l(), mu));
            }
            double v = squares.total() / m;
            mean[c] = mu;
            var[c] = v;
            double scale = gamma[c] / Math.sqrt(v + eps);
            double shift = beta[c];
            for (int n = 0; n < z.n(); n++) {
                int at = z.start(n, c);
                for (int i = 0; i < z.l(); i++) {
                    y[yo + at + i] = scale * (x[xo + at + i] - mu) + shift;
                }
            }
        });
    }

    static void backward(Layout z, double[] x, int xo, double[] gamma, double[] dy, int go, double[] mean,
            double[] var, double eps, double[] dx, int to, double[] dgamma, double[] dbeta) {
        double m = (double) z.n() * z.l();
        Parallel.run(z.c(), c -> {
            Folds.Tree sum = new Folds.Tree(ReduceKind.SUM);
            Folds.Tree products = new Folds.Tree(ReduceKind.SUM);
            double mu = mean[c];
            for (int n = 0; n < z.n(); n++) {
                int at = z.start(n, c);
                sum.add(sum(dy, go + at, z.l()));
                products.add(products(x, xo + at, dy, go + at, z.l(), mu));
            }
            double inverse = 1 / Math.sqrt(var[c] + eps);
            dbeta[c] = sum.total();
            dgamma[c] = products.total() * inverse;
            double scale = gamma[c] * inverse;
            double meanDy = dbeta[c] / m;
            double slope = dgamma[c] / m * inverse;
            for (int n = 0; n < z.n(); n++) {
                int at = z.start(n, c);
                for (int i = 0; i < z.l(); i++) {
                    dx[to + at + i] = scale * (dy[go + at + i] - meanDy - (x[xo + at + i] - mu) * slope);
                }
            }
        });
    }

    private static double sum(double[] x, int at, int n) {
        Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
        for (int i = 0; i < n; i += Folds.BLOCK) {
            tree.add(Folds.block(ReduceKind.SUM, x, at + i, Math.min(Folds.BLOCK, n - i)));
        }
        return tree.total();
    }

    private static double squares(double[] x, int at, int n, double mu) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < n; i += 2) {
            double a = x[at + i] - mu;
            double b = x[at + i + 1] - mu;
            even += a * a;
            odd += b * b;
        }
        if (n % 2 != 0) {
            double a = x[at + n - 1] - mu;
            even += a * a;
        }
        return even + odd;
    }

    private static double products(double[] x, int xo, double[] dy, int go, int n, double mu) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < n; i += 2) {
            even += dy[go + i] * (x[xo + i] - mu);
            odd += dy[go + i + 1] * (x[xo + i + 1] - mu);
        }
        if (n % 2 != 0) {
            even += dy[go + n - 1] * (x[xo + n - 1] - mu);
        }
        return even + odd;
    }
}
