package wengert.tensor.cpu;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.spi.View;

// N batch, C channels, L positions, S sets of M values.
/// Normalisation of f64, all kinds in the same loops: a set is some runs of L numbers, each run with its
/// gamma and beta. The letters are those of [wengert.tensor.spi.NormKernels]. Numbers are summed within a
/// run, then runs. What is summed over images as well is summed by whoever goes through all sets of a group.
final class F64Norms {
    private final Layout z;
    private final double eps;
    private final double slope;
    private final double[] x;
    private final int xo;
    private final double[] gamma;
    private final int ga;
    private final double[] beta;
    private final int be;

    F64Norms(Layout z, View x, View gamma, View beta) {
        this.z = z;
        eps = z.form().eps();
        slope = z.form().slope();
        this.x = x.storage().f64();
        xo = x.offset();
        this.gamma = gamma.storage().f64();
        ga = gamma.offset();
        this.beta = beta.storage().f64();
        be = beta.offset();
    }

    private double gamma(int s, int r) {
        return gamma[ga + channel(s, r)];
    }

    private double beta(int s, int r) {
        return beta[be + channel(s, r)];
    }

    private int channel(int s, int r) {
        return z.form().overBatch() ? s : z.channel(s) + r;
    }

    /// Where run r of set s begins.
    private int run(int s, int r) {
        return z.start(s) + r * z.step();
    }

    private static double[] of(View v) {
        return v.storage().f64();
    }

    private double rectify(double z, double v) {
        return z > 0 ? v : slope == 0 ? 0 : slope * v;
    }

    void forward(View y, View mean, View var) {
        double[] out = of(y);
        z.tiles(z.sets(), s -> {
            int m = z.values();
            double sum = 0;
            for (int r = 0; r < z.runs(); r++) {
                sum += sum(xo + run(s, r), z.l(), 0, false);
            }
            double mu = sum / m;
            double squares = 0;
            for (int r = 0; r < z.runs(); r++) {
                squares += sum(xo + run(s, r), z.l(), mu, true);
            }
            of(mean)[mean.offset() + s] = mu;
            of(var)[var.offset() + s] = squares / m;
            double scale = 1 / Math.sqrt(squares / m + eps);
            for (int r = 0; r < z.runs(); r++) {
                double g = gamma(s, r);
                double b = beta(s, r);
                for (int i = run(s, r), end = i + z.l(); i < end; i++) {
                    double v = (x[xo + i] - mu) * scale * g + b;
                    out[y.offset() + i] = v <= 0 && slope == 0 ? 0 : v > 0 ? v : slope * v;
                }
            }
        });
    }

    /// Σ(x − mu) or Σ(x − mu)², pairwise.
    private double sum(int at, int n, double mu, boolean squared) {
        if (n > 64) {
            int half = n / 2;
            return sum(at, half, mu, squared) + sum(at + half, n - half, mu, squared);
        }
        double sum = 0;
        for (int i = at; i < at + n; i++) {
            double d = x[i] - mu;
            sum += squared ? d * d : d;
        }
        return sum;
    }

    /// Runs all sets of one channel or group one after the other, and different ones on several threads.
    private void sets(Parallel.Tile body) {
        int groups = z.form().groups();
        z.tiles(z.form().overBatch() ? z.c() : groups, g -> {
            for (int s = g; s < z.sets(); s += z.form().overBatch() ? z.sets() : groups) {
                body.run(s);
            }
        });
    }

    private double scale(View var, int s) {
        return 1 / Math.sqrt(of(var)[var.offset() + s] + eps);
    }

    void gradient(View dy, View mean, View var, View dx, View dgamma, View dbeta) {
        double[] back = of(dy);
        double[] out = of(dx);
        clear(dgamma);
        clear(dbeta);
        sets(s -> {
            double mu = of(mean)[mean.offset() + s];
            double scale = scale(var, s);
            double e = 0;
            double ehat = 0;
            for (int r = 0; r < z.runs(); r++) {
                double g = gamma(s, r);
                double b = beta(s, r);
                double sum = 0;
                double products = 0;
                for (int i = run(s, r), end = i + z.l(); i < end; i++) {
                    double hat = (x[xo + i] - mu) * scale;
                    double d = rectify(hat * g + b, back[dy.offset() + i]);
                    sum += d;
                    products += d * hat;
                }
                of(dbeta)[dbeta.offset() + channel(s, r)] += sum;
                of(dgamma)[dgamma.offset() + channel(s, r)] += products;
                e += g * sum;
                ehat += g * products;
            }
            double meanE = e / z.values();
            double meanEHat = ehat / z.values();
            for (int r = 0; r < z.runs(); r++) {
                double g = gamma(s, r);
                double b = beta(s, r);
                for (int i = run(s, r), end = i + z.l(); i < end; i++) {
                    double hat = (x[xo + i] - mu) * scale;
                    double d = rectify(hat * g + b, back[dy.offset() + i]);
                    out[dx.offset() + i] = scale * (g * d - meanE - hat * meanEHat);
                }
            }
        });
    }

    private static void clear(View v) {
        java.util.Arrays.fill(of(v), v.offset(), v.offset() + v.shape().length(), 0);
    }

    void second(View dy, View mean, View var, View a, View b, View c, View dx, View dgamma, View ddy) {
        clear(dgamma);
        sets(s -> {
            double mu = of(mean)[mean.offset() + s];
            double scale = scale(var, s);
            double[] sums = new double[7];
            double[][] runs = new double[z.runs()][];
            for (int r = 0; r < z.runs(); r++) {
                double[] own = secondSums(s, r, mu, scale, dy, a);
                double g = gamma(s, r);
                double bb = of(b)[b.offset() + channel(s, r)];
                sums[0] += g * own[0];
                sums[1] += g * own[1];
                sums[2] += own[2];
                sums[3] += own[3];
                sums[4] += g * own[4];
                sums[5] += bb * own[0];
                sums[6] += bb * own[1];
                runs[r] = own;
            }
            var of = F32Norms.Second.of(scale, z.values(), sums);
            for (int r = 0; r < z.runs(); r++) {
                of(dgamma)[dgamma.offset() + channel(s, r)] += scale
                        * (runs[r][4] - of.meanA() * runs[r][0] - of.p() * runs[r][1]);
                write(s, r, mu, scale, of, dy, a, b, c, dx, ddy);
            }
        });
    }

    /// Σd, Σd·x̂, Σa, Σa·x̂, Σa·d.
    private double[] secondSums(int s, int r, double mu, double scale, View dy, View a) {
        double g = gamma(s, r);
        double b = beta(s, r);
        double[] sums = new double[5];
        for (int i = run(s, r), end = i + z.l(); i < end; i++) {
            double hat = (x[xo + i] - mu) * scale;
            double d = rectify(hat * g + b, of(dy)[dy.offset() + i]);
            double ddx = of(a)[a.offset() + i];
            sums[0] += d;
            sums[1] += d * hat;
            sums[2] += ddx;
            sums[3] += ddx * hat;
            sums[4] += ddx * d;
        }
        return sums;
    }

    private void write(int s, int r, double mu, double scale, F32Norms.Second of, View dy, View a, View b,
            View c, View dx, View ddy) {
        double g = gamma(s, r);
        double bb = of(b)[b.offset() + channel(s, r)];
        double cc = of(c)[c.offset() + channel(s, r)];
        for (int i = run(s, r), end = i + z.l(); i < end; i++) {
            double hat = (x[xo + i] - mu) * scale;
            double side = hat * g + beta(s, r);
            double d = rectify(side, of(dy)[dy.offset() + i]);
            double ddx = of(a)[a.offset() + i];
            double t = scale * (ddx - of.meanA() - hat * of.p());
            of(ddy)[ddy.offset() + i] = rectify(side, g * t + bb * hat + cc);
            of(dx)[dx.offset() + i] = scale * (bb * d - scale * (ddx * of.q() + g * d * of.p()))
                    + hat * of.hat() + of.one();
        }
    }
}
