package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.BETA;
import static wengert.tensor.cpu.ChannelLoops.CENTER;
import static wengert.tensor.cpu.ChannelLoops.CONSTANTS;
import static wengert.tensor.cpu.ChannelLoops.STEEP;
import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;
import static wengert.tensor.cpu.ChannelLoops.SLOPE;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Normalisation of f32. A tile is a set: it is read once from memory to get the sums and a second time, from
/// the cache, to write the results. Statistics over the batch and those by groups with runs of a vector or
/// more go through [ChannelLoops]; layer norm, and groups with shorter runs, through [ElementLoops]; over the
/// batch with short runs, through [ColumnLoops].
abstract class F32Norms {
    /// Numbers from which the first guess of a mean is made.
    private static final int GUESS = 256;
    /// Numbers of a channel in an image below which neighbouring channels go together.
    private static final int SHORT = 256;

    final Layout z;
    final Run gamma;
    final Run beta;
    final float slope;

    F32Norms(Layout z, Run gamma, Run beta) {
        this.z = z;
        this.gamma = gamma;
        this.beta = beta;
        slope = (float) z.form().slope();
    }

    static F32Norms of(Layout z, Run gamma, Run beta) {
        if (z.form().overBatch()) {
            return z.l() < SHORT ? new F32ColumnNorm(z, gamma, beta) : new F32BatchNorm(z, gamma, beta);
        }
        return z.l() >= VectorChannelLoops.L ? new F32GroupNorm(z, gamma, beta)
                : F32LayerNorm.of(z, gamma, beta);
    }

    abstract void forward(Run x, Run y, Run mean, Run var);

    abstract void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta);

    abstract void second(Run x, Run dy, Run mean, Run var, Run a, Run b, Run c, Run dx, Run dgamma, Run ddy);

    /// What writes one set.
    interface Write {
        /// @param k constants, but for gamma and beta
        void run(int set, float[] k);
    }

    /// Computes the statistics set by set, and lets each be written while it is in the cache.
    final void sets(Run x, Run mean, Run var, Write write) {
        z.tiles(z.sets(), s -> {
            moments(x, s, mean, var);
            write.run(s, constants(s, mean, var));
        });
    }

    /// The constants of the loops, but for gamma and beta. A set of one number is its own mean: with 0 for
    /// 1/σ, x̂ and all that flows back through it is 0 exactly, and not what rounding leaves of two equal
    /// terms.
    final float[] constants(int s, Run mean, Run var) {
        float[] k = new float[CONSTANTS];
        k[CENTER] = mean.get(s);
        k[SCALE] = z.values() == 1 ? 0 : (float) (1 / Math.sqrt(var.get(s) + z.form().eps()));
        k[SLOPE] = slope;
        return k;
    }

    /// The constants of a channel.
    final void channel(float[] k, int c) {
        k[STEEP] = gamma.get(c) * k[SCALE];
        k[BETA] = beta.get(c);
    }

    /// Mean and variance of a set. The squares are of distances from a guess of the mean, that of the first
    /// numbers: what is subtracted at the end, the square of the guess's error, is then small. Where it turns
    /// out not to be, the mean found is the second guess. See [#finite].
    private void moments(Run x, int s, Run mean, Run var) {
        int m = z.values();
        int at = x.offset() + z.start(s);
        int runs = z.form().overBatch() ? z.runs() : 1;
        int len = m / runs;
        int first = Math.min(len, GUESS);
        int some = Math.min(runs, GUESS / first);
        double[] sums = new double[2];
        ChannelLoops.moments(x.array(), at, some, z.step(), first, x.array()[at], sums);
        double guess = finite(x.array()[at] + sums[0] / ((double) some * first));
        for (int attempt = 0; attempt < 2; attempt++) {
            float shift = (float) guess;
            sums[0] = 0;
            sums[1] = 0;
            ChannelLoops.moments(x.array(), at, runs, z.step(), len, shift, sums);
            double away = sums[0] / m;
            double v = sums[1] / m - away * away;
            guess = shift + away;
            mean.set(s, (float) guess);
            var.set(s, (float) Math.max(0, v));
            if (!(away * away > v)) {
                return;
            }
        }
    }

    /// A guess, or 0 where infinite numbers have spoilt it: their distances from it would be NaN, and so the
    /// mean.
    static double finite(double guess) {
        return Double.isFinite(guess) ? guess : 0;
    }

    /// With sums over a set of M of Σe and Σe·x̂, the constants of dx.
    ///
    /// @param per x̂ for one of what the loop multiplies with the second
    final void ofGradient(float[] k, double e, double ehat, double per) {
        k[OWN + 1] = (float) (-k[SCALE] * ehat / z.values() * per);
        k[OWN + 2] = (float) (-k[SCALE] * e / z.values());
    }

    /// Over the batch: from Σd and Σd·u of a channel its gradients and, at OWN, the constants of dx.
    final void ofGradient(int c, float[] k, double[] sums, Run dgamma, Run dbeta) {
        double dg = sums[1] * k[SCALE];
        double g = gamma.get(c);
        dbeta.set(c, (float) sums[0]);
        dgamma.set(c, (float) dg);
        k[OWN] = (float) (g * k[SCALE]);
        ofGradient(k, g * sums[0], g * dg, k[SCALE]);
    }

    /// Over the batch: from Σd, Σd·u, Σa, Σa·u, Σa·d of a channel the gradient of its gamma and, at OWN, the
    /// constants of dx and ddy.
    final void ofSecond(int ch, float[] k, double[] five, Run b, Run c, Run dgamma) {
        double s = k[SCALE];
        double g = gamma.get(ch);
        double dhat = five[1] * s;
        double ahat = five[3] * s;
        double m = z.values();
        dgamma.set(ch, (float) (s * (five[4] - five[2] / m * five[0] - ahat / m * dhat)));
        double[] seven = {g * five[0], g * dhat, five[2], ahat, g * five[4], b.get(ch) * five[0],
            b.get(ch) * dhat};
        second(k, Second.of(s, z.values(), seven), g, b.get(ch), c.get(ch));
    }

    /// What the second order needs of the sums over a set.
    record Second(double meanA, double p, double q, double hat, double one) {
        /// @param s      1/σ
        /// @param values M
        /// @param sums   Σe, Σe·x̂, Σa, Σa·x̂, Σa·e, Σb·d, Σb·d·x̂
        static Second of(double s, int values, double[] sums) {
            double m = values;
            double meanE = sums[0] / m;
            double q = sums[1] / m;
            double meanA = sums[2] / m;
            double p = sums[3] / m;
            double r = sums[4] / m - meanA * meanE - p * q;
            double meanG = sums[5] / m - s * (meanA * q + meanE * p);
            double meanGHat = sums[6] / m - 2 * s * p * q;
            return new Second(meanA, p, q, -s * meanGHat - s * s * r, -s * meanG);
        }
    }

    /// The constants of [ChannelLoops#second] for a channel.
    static void second(float[] k, Second of, double gamma, double b, double c) {
        double s = k[SCALE];
        k[OWN] = (float) (-s * s * of.q);
        k[OWN + 1] = (float) (s * b - gamma * s * s * of.p);
        k[OWN + 2] = (float) (of.hat * s);
        k[OWN + 3] = (float) of.one;
        k[OWN + 4] = (float) (gamma * s);
        k[OWN + 5] = (float) ((b - gamma * s * of.p) * s);
        k[OWN + 6] = (float) (c - gamma * s * of.meanA);
    }
}
