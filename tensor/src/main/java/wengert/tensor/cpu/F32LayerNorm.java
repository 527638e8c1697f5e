package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Statistics by groups, with a gamma and a beta for every number of an image. Their gradients are sums over
/// the images: a few fixed parts of the batch each add up their own, image by image while it is in the cache
/// anyway, and the parts are added in order.
final class F32LayerNorm extends F32Norms {
    /// Most parts of the batch.
    private static final int PARTS = 8;
    /// Most numbers in all parts' sums, so that large images do not need many times their memory.
    private static final int ROOM = 1 << 20;
    /// Numbers that are joined at a time, so that their sums stay in the first-level cache.
    private static final int BLOCK = 512;

    /// L of the caller: 1, or what gamma and beta have been repeated by.
    private final int each;

    private F32LayerNorm(Layout z, Run gamma, Run beta, int each) {
        super(z, gamma, beta);
        this.each = each;
    }

    /// With gamma and beta repeated where L is not 1.
    static F32LayerNorm of(Layout z, Run gamma, Run beta) {
        int l = z.l();
        return l == 1 ? new F32LayerNorm(z, gamma, beta, 1) : new F32LayerNorm(
                new Layout(z.form(), z.n(), z.c() * l, 1), repeat(gamma, z.c() * l, l),
                repeat(beta, z.c() * l, l), l);
    }

    /// @param n numbers afterwards
    private static Run repeat(Run v, int n, int each) {
        if (each == 1) {
            return v;
        }
        float[] repeated = new float[n];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = v.get(i / each);
        }
        return new Run(repeated, 0);
    }

    @Override
    void forward(Run x, Run y, Run mean, Run var) {
        sets(x, mean, var, (s, k) -> {
            int c = z.channel(s);
            ElementLoops.forward(x.from(z.start(s)), gamma.from(c), beta.from(c), y.from(z.start(s)),
                    z.values(), k);
        });
    }

    /// Runs the images of each part in order.
    private void parts(int parts, Images body) {
        z.tiles(parts, p -> {
            int from = (int) ((long) z.n() * p / parts);
            int to = (int) ((long) z.n() * (p + 1) / parts);
            for (int s = from * z.form().groups(); s < to * z.form().groups(); s++) {
                body.run(s, p, s < (from + 1) * z.form().groups());
            }
        });
    }

    /// What is done with a set.
    private interface Images {
        /// @param part  whose sums to use
        /// @param fresh whether it is of the part's first image
        void run(int set, int part, boolean fresh);
    }

    private int partCount() {
        return Math.clamp(Math.min(z.n(), ROOM / z.c()), 1, PARTS);
    }

    @Override
    void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta) {
        int parts = partCount();
        int size = z.c();
        float[] sums = Scratch.mine().floats(7, 2 * parts * size);
        parts(parts, (s, part, fresh) -> {
            float[] k = constants(s, mean, var);
            int c = z.channel(s);
            Run from = x.from(z.start(s));
            Run back = dy.from(z.start(s));
            double[] two = new double[2];
            ElementLoops.sums(from, gamma.from(c), beta.from(c), back, new Run(sums, 2 * part * size + c),
                    new Run(sums, (2 * part + 1) * size + c), fresh, z.values(), k, two);
            k[OWN] = k[SCALE];
            ofGradient(k, two[0], two[1], 1);
            ElementLoops.backward(from, gamma.from(c), beta.from(c), back, dx.from(z.start(s)), z.values(),
                    k);
        });
        join(sums, 0, 2 * size, parts, dgamma);
        join(sums, size, 2 * size, parts, dbeta);
    }

    @Override
    void second(Run x, Run dy, Run mean, Run var, Run a, Run b, Run c, Run dx, Run dgamma, Run ddy) {
        int parts = partCount();
        int size = z.c();
        Run ddgamma = repeat(b, size, each);
        Run ddbeta = repeat(c, size, each);
        float[] sums = Scratch.mine().floats(7, parts * size);
        parts(parts, (s, part, fresh) -> {
            float[] k = constants(s, mean, var);
            int ch = z.channel(s);
            int at = z.start(s);
            double[] seven = new double[7];
            ElementLoops.secondSums(x.from(at), gamma.from(ch), beta.from(ch), dy.from(at), a.from(at),
                    ddgamma.from(ch), z.values(), k, seven);
            double scale = k[SCALE];
            Second of = Second.of(scale, z.values(), seven);
            k[OWN] = (float) (-scale * of.p());
            k[OWN + 1] = (float) (-scale * of.meanA());
            k[OWN + 2] = (float) (-scale * scale * of.q());
            k[OWN + 3] = (float) (-scale * scale * of.p());
            k[OWN + 4] = (float) of.hat();
            k[OWN + 5] = (float) of.one();
            ElementLoops.second(x.from(at), gamma.from(ch), beta.from(ch), dy.from(at), a.from(at),
                    ddgamma.from(ch), ddbeta.from(ch), dx.from(at), ddy.from(at),
                    new Run(sums, part * size + ch), fresh, z.values(), k);
        });
        join(sums, 0, size, parts, dgamma);
    }

    /// Adds the parts up, and the `each` numbers of a channel. In double: of up to [#PARTS] images each part
    /// has one, its numbers are exact, and the order of the images is no matter. What cancels then cancels to
    /// 0, and no optimiser takes a rounding error for a direction.
    private void join(float[] sums, int from, int step, int parts, Run total) {
        Parallel.ranges(z.c() / each, Math.max(1, 16_384 / each), (start, end) -> {
            double[] block = new double[Math.min(BLOCK, end - start)];
            for (int i = start; i < end; i += block.length) {
                int n = Math.min(block.length, end - i);
                java.util.Arrays.fill(block, 0);
                for (int p = 0; p < parts; p++) {
                    add(sums, from + p * step + i * each, block, n);
                }
                for (int j = 0; j < n; j++) {
                    total.set(i + j, (float) block[j]);
                }
            }
        });
    }

    /// `to[i] += Σ_j sums[at + i · each + j]`.
    private void add(float[] sums, int at, double[] to, int n) {
        if (each == 1) {
            for (int i = 0; i < n; i++) {
                to[i] += sums[at + i];
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < each; j++) {
                to[i] += sums[at + i * each + j];
            }
        }
    }
}
