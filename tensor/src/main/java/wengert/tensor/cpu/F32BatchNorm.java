package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Statistics over the batch: gamma and beta are one number for a whole set.
final class F32BatchNorm extends F32Norms {
    F32BatchNorm(Layout z, Run gamma, Run beta) {
        super(z, gamma, beta);
    }

    @Override
    void forward(int c, float[] k, Run x, Run y) {
        channel(k, c);
        int at = z.start(c);
        ChannelLoops.forward(x.array(), x.offset() + at, y.array(), y.offset() + at, z.runs(), z.step(),
                z.l(), k);
    }

    @Override
    void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta) {
        z.tiles(z.c(), c -> {
            float[] k = constants(c, mean, var);
            channel(k, c);
            int at = z.start(c);
            double[] sums = new double[2];
            ChannelLoops.sums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, z.runs(),
                    z.step(), z.l(), k, sums);
            dbeta.set(c, (float) sums[0]);
            dgamma.set(c, (float) sums[1]);
            double g = gamma.get(c);
            k[OWN] = (float) (g * k[SCALE]);
            ofGradient(k, OWN + 1, g * sums[0], g * sums[1]);
            ChannelLoops.backward(x.array(), x.offset() + at, dy.array(), dy.offset() + at, dx.array(),
                    dx.offset() + at, z.runs(), z.step(), z.l(), k);
        });
    }

    @Override
    void second(Run x, Run dy, Run mean, Run var, Run a, Run b, Run c, Run dx, Run dgamma, Run ddy) {
        z.tiles(z.c(), ch -> {
            float[] k = constants(ch, mean, var);
            channel(k, ch);
            int at = z.start(ch);
            double[] sums = new double[7];
            ChannelLoops.secondSums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                    a.offset() + at, z.runs(), z.step(), z.l(), k, sums);
            double g = gamma.get(ch);
            sums[5] = b.get(ch) * sums[0];
            sums[6] = b.get(ch) * sums[1];
            double s = k[SCALE];
            int m = z.values();
            dgamma.set(ch, (float) (s * (sums[4] - sums[2] / m * sums[0] - sums[3] / m * sums[1])));
            sums[0] *= g;
            sums[1] *= g;
            sums[4] *= g;
            second(k, Second.of(s, m, sums), g, b.get(ch), c.get(ch));
            ChannelLoops.second(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                    a.offset() + at, dx.array(), dx.offset() + at, ddy.array(), ddy.offset() + at,
                    z.runs(), z.step(), z.l(), k);
        });
    }
}
