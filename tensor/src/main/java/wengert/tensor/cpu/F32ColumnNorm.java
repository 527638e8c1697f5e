package wengert.tensor.cpu;

import static wengert.tensor.cpu.ColumnLoops.BETA;
import static wengert.tensor.cpu.ColumnLoops.CENTER;
import static wengert.tensor.cpu.ColumnLoops.CONSTANTS;
import static wengert.tensor.cpu.ColumnLoops.OWN;
import static wengert.tensor.cpu.ColumnLoops.STEEP;

import wengert.tensor.cpu.Norms.Layout;
import wengert.tensor.cpu.Norms.Run;

// N batch, C channels, L positions, S sets of M values.
/// Statistics over the batch where an image has only few numbers of a channel: going from image to image for
/// one channel would take a piece of a cache line here and a piece there, all at the same place of the cache.
/// A tile is therefore a band of neighbouring channels, [#WIDTH] numbers of an image, and goes through the
/// images once for the sums, column by column, and once for the results.
final class F32ColumnNorm extends F32Norms {
    /// Numbers of an image in a band: constants and a row of every operand fit into the first-level cache.
    private static final int WIDTH = 512;
    /// Images that are summed in float, before the sums go on in double.
    private static final int ROWS = 256;
    /// Numbers of a channel from which the first guess of its mean is made.
    private static final int GUESS = 64;

    private final int band;

    F32ColumnNorm(Layout z, Run gamma, Run beta) {
        super(z, gamma, beta);
        band = Math.max(1, WIDTH / z.l());
    }

    /// What is done with a band.
    private interface Body {
        void run(Band b);
    }

    private void bands(Body body) {
        z.tiles((z.c() + band - 1) / band,
                t -> body.run(new Band(t * band, Math.min(z.c(), (t + 1) * band))));
    }

    /// Channels `from` to `to`, and the constants and sums of their columns.
    private final class Band {
        final int from;
        final int to;
        final int at;
        final int w;
        final float[] p = Scratch.mine().floats(6, CONSTANTS * Math.max(WIDTH, z.l()));
        final float[] acc = Scratch.mine().floats(7, 5 * Math.max(WIDTH, z.l()));

        Band(int from, int to) {
            this.from = from;
            this.to = to;
            at = from * z.l();
            w = (to - from) * z.l();
        }

        /// Makes a channel's constant a number of each of its columns.
        void set(int constant, int c, double value) {
            int start = constant * w + (c - from) * z.l();
            java.util.Arrays.fill(p, start, start + z.l(), (float) value);
        }

        /// CENTER, STEEP and BETA of all channels.
        void constants(Run mean, Run var) {
            for (int c = from; c < to; c++) {
                float[] k = F32ColumnNorm.this.constants(c, mean, var);
                set(CENTER, c, k[ChannelLoops.CENTER]);
                set(STEEP, c, gamma.get(c) * k[ChannelLoops.SCALE]);
                set(BETA, c, beta.get(c));
            }
        }

        /// The first `count` sums of all channels, over images `n` to `end`.
        double[][] sums(int count, int n, int end, Adder adder) {
            double[][] sums = new double[to - from][count];
            for (int start = n; start < end; start += ROWS) {
                java.util.Arrays.fill(acc, 0, count * w, 0);
                adder.add(at + start * z.step(), Math.min(ROWS, end - start));
                fold(count, sums);
            }
            return sums;
        }

        /// Adds up the columns of each channel.
        private void fold(int count, double[][] sums) {
            int column = 0;
            for (int q = 0; q < count; q++) {
                for (double[] own : sums) {
                    double sum = 0;
                    for (int end = column + z.l(); column < end; column++) {
                        sum += acc[column];
                    }
                    own[q] += sum;
                }
            }
        }
    }

    /// Adds some images' numbers to the sums of the columns.
    private interface Adder {
        void add(int at, int rows);
    }

    @Override
    void forward(Run x, Run y, Run mean, Run var) {
        bands(b -> {
            Adder moments = (at, rows) -> ColumnLoops.moments(x.array(), x.offset() + at, rows, z.step(), b.w,
                    b.p, b.acc);
            for (int c = b.from; c < b.to; c++) {
                b.set(CENTER, c, finite(x.get(c * z.l())));
            }
            int some = Math.min(z.n(), Math.max(1, GUESS / z.l()));
            double[][] first = b.sums(2, 0, some, moments);
            for (int c = b.from; c < b.to; c++) {
                double away = first[c - b.from][0] / ((double) some * z.l());
                mean.set(c, (float) finite(finite(x.get(c * z.l())) + away));
            }
            // the first guess is of few numbers; where it is far off, the mean found is the second
            boolean far = true;
            for (int attempt = 0; far && attempt < 2; attempt++) {
                for (int c = b.from; c < b.to; c++) {
                    b.set(CENTER, c, mean.get(c));
                }
                double[][] sums = b.sums(2, 0, z.n(), moments);
                far = false;
                for (int c = b.from; c < b.to; c++) {
                    double away = sums[c - b.from][0] / z.values();
                    double v = sums[c - b.from][1] / z.values() - away * away;
                    far |= away * away > v;
                    mean.set(c, (float) (mean.get(c) + away));
                    var.set(c, (float) Math.max(0, v));
                }
            }
            b.constants(mean, var);
            ColumnLoops.forward(x.array(), x.offset() + b.at, y.array(), y.offset() + b.at, z.n(), z.step(),
                    b.w, slope, b.p);
        });
    }

    @Override
    void gradient(Run x, Run dy, Run mean, Run var, Run dx, Run dgamma, Run dbeta) {
        bands(b -> {
            b.constants(mean, var);
            double[][] sums = b.sums(2, 0, z.n(), (at, rows) -> ColumnLoops.sums(x.array(), x.offset() + at,
                    dy.array(), dy.offset() + at, rows, z.step(), b.w, slope, b.p, b.acc));
            for (int c = b.from; c < b.to; c++) {
                float[] k = constants(c, mean, var);
                ofGradient(c, k, sums[c - b.from], dgamma, dbeta);
                for (int i = 0; i < 3; i++) {
                    b.set(OWN + i, c, k[ChannelLoops.OWN + i]);
                }
            }
            ColumnLoops.backward(x.array(), x.offset() + b.at, dy.array(), dy.offset() + b.at, dx.array(),
                    dx.offset() + b.at, z.n(), z.step(), b.w, slope, b.p);
        });
    }

    @Override
    void second(Run x, Run dy, Run mean, Run var, Run a, Run ddgamma, Run ddbeta, Run dx, Run dgamma,
            Run ddy) {
        bands(b -> {
            b.constants(mean, var);
            double[][] sums = b.sums(5, 0, z.n(), (at, rows) -> ColumnLoops.secondSums(x.array(),
                    x.offset() + at, dy.array(), dy.offset() + at, a.array(), a.offset() + at, rows, z.step(),
                    b.w, slope, b.p, b.acc));
            for (int c = b.from; c < b.to; c++) {
                float[] k = constants(c, mean, var);
                ofSecond(c, k, sums[c - b.from], ddgamma, ddbeta, dgamma);
                for (int i = 0; i < 7; i++) {
                    b.set(OWN + i, c, k[ChannelLoops.OWN + i]);
                }
            }
            ColumnLoops.second(x.array(), x.offset() + b.at, dy.array(), dy.offset() + b.at, a.array(),
                    a.offset() + b.at, dx.array(), dx.offset() + b.at, ddy.array(), ddy.offset() + b.at,
                    z.n(), z.step(), b.w, slope, b.p);
        });
    }
}
