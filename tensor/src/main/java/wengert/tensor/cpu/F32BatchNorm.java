package wengert.tensor.cpu;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Statistics over the batch: gamma and beta are one number for a whole set.
final class F32BatchNorm extends F32Norms {
    F32BatchNorm(Layout z, Run gamma, Run beta) {
        super(z, gamma, beta);
    }

    @Override
    void forward(Run x, Run y, Run mean, Run var) {
        sets(x, mean, var, (c, k) -> {
            channel(k, c);
            int at = z.start(c);
            ChannelLoops.forward(x.array(), x.offset() + at, y.array(), y.offset() + at, z.runs(), z.step(),
                    z.l(), k);
        });
    }

    @Override
    void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta) {
        z.tiles(z.c(), t -> {
            int c = z.c() - 1 - t; // what the way there left in the cache comes first
            float[] k = constants(c, mean, var);
            channel(k, c);
            int at = z.start(c);
            double[] sums = new double[2];
            ChannelLoops.sums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, z.runs(), z.step(),
                    z.l(), k, sums);
            ofGradient(c, k, sums, dgamma, dbeta);
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
            double[] sums = new double[5];
            ChannelLoops.secondSums(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                    a.offset() + at, z.runs(), z.step(), z.l(), k, sums);
            ofSecond(ch, k, sums, b, c, dgamma);
            ChannelLoops.second(x.array(), x.offset() + at, dy.array(), dy.offset() + at, a.array(),
                    a.offset() + at, dx.array(), dx.offset() + at, ddy.array(), ddy.offset() + at, z.runs(),
                    z.step(), z.l(), k);
        });
    }
}
