package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Statistics by groups, with gamma and beta for runs of L. What the gradients of gamma and beta need is
/// summed run by run and then, for each channel, over the images in their order.
final class F32GroupNorm extends F32Norms {
    F32GroupNorm(Layout z, Run gamma, Run beta) {
        super(z, gamma, beta);
    }

    @Override
    void forward(Run x, Run y, Run mean, Run var) {
        sets(x, mean, var, (s, k) -> {
            for (int r = 0; r < z.channels(); r++) {
                channel(k, z.channel(s) + r);
                int at = z.start(s) + r * z.l();
                ChannelLoops.forward(x.array(), x.offset() + at, y.array(), y.offset() + at, 1, 0, z.l(), k);
            }
        });
    }

    @Override
    void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta) {
        double[] d = Scratch.mine().doubles(5, z.n() * z.c());
        double[] dhat = Scratch.mine().doubles(6, z.n() * z.c());
        z.tiles(z.sets(), s -> {
            float[] k = constants(s, mean, var);
            double[] sums = new double[2];
            double e = 0;
            double ehat = 0;
            for (int r = 0; r < z.channels(); r++) {
                int c = z.channel(s) + r;
                int run = s * z.channels() + r;
                int at = run * z.l();
                channel(k, c);
                sums[0] = 0;
                sums[1] = 0;
                ChannelLoops.sums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, 1, 0, z.l(), k,
                        sums);
                sums[1] *= k[SCALE];
                d[run] = sums[0];
                dhat[run] = sums[1];
                e += gamma.get(c) * sums[0];
                ehat += gamma.get(c) * sums[1];
            }
            ofGradient(k, e, ehat, k[SCALE]);
            for (int r = 0; r < z.channels(); r++) {
                int c = z.channel(s) + r;
                int at = z.start(s) + r * z.l();
                channel(k, c);
                k[OWN] = gamma.get(c) * k[SCALE];
                ChannelLoops.backward(x.array(), x.offset() + at, dy.array(), dy.offset() + at, dx.array(),
                        dx.offset() + at, 1, 0, z.l(), k);
            }
        });
        overImages(d, dbeta);
        overImages(dhat, dgamma);
    }

    @Override
    void second(Run x, Run dy, Run mean, Run var, Run a, Run b, Run c, Run dx, Run dgamma, Run ddy) {
        double[] dt = Scratch.mine().doubles(5, z.n() * z.c());
        z.tiles(z.sets(), s -> {
            float[] k = constants(s, mean, var);
            double[] all = new double[7];
            double[][] runs = new double[z.channels()][5];
            for (int r = 0; r < z.channels(); r++) {
                int ch = z.channel(s) + r;
                int at = z.start(s) + r * z.l();
                channel(k, ch);
                double[] sums = runs[r];
                ChannelLoops.secondSums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                        a.offset() + at, 1, 0, z.l(), k, sums);
                double g = gamma.get(ch);
                sums[1] *= k[SCALE];
                sums[3] *= k[SCALE];
                all[0] += g * sums[0];
                all[1] += g * sums[1];
                all[2] += sums[2];
                all[3] += sums[3];
                all[4] += g * sums[4];
                all[5] += b.get(ch) * sums[0];
                all[6] += b.get(ch) * sums[1];
            }
            Second of = Second.of(k[SCALE], z.values(), all);
            for (int r = 0; r < z.channels(); r++) {
                int ch = z.channel(s) + r;
                int at = z.start(s) + r * z.l();
                dt[s * z.channels() + r] = k[SCALE]
                        * (runs[r][4] - of.meanA() * runs[r][0] - of.p() * runs[r][1]);
                channel(k, ch);
                second(k, of, gamma.get(ch), b.get(ch), c.get(ch));
                ChannelLoops.second(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                        a.offset() + at, dx.array(), dx.offset() + at, ddy.array(), ddy.offset() + at, 1, 0,
                        z.l(), k);
            }
        });
        overImages(dt, dgamma);
    }

    /// For each channel the sum over the images.
    private void overImages(double[] runs, Run sums) {
        for (int c = 0; c < z.c(); c++) {
            double sum = 0;
            for (int n = 0; n < z.n(); n++) {
                sum += runs[n * z.c() + c];
            }
            sums.set(c, (float) sum);
        }
    }
}
