package wengert.tensor.reference;

import java.util.List;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.View;

/// Steps of optimisers, number by number, rounded where they are kept.
final class Optimizers {
    private Optimizers() {
    }

    static void squares(List<View> gs, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            Kept g = new Kept(gs.get(i));
            sums[i] = 0;
            for (int j = 0; j < g.length; j++) {
                sums[i] += g.get(j) * g.get(j);
            }
        }
    }

    static void adam(List<Item> items, double beta1, double beta2, double decay, double keep) {
        for (Item item : items) {
            Kept p = new Kept(item.p());
            Kept g = new Kept(item.g());
            Kept m = new Kept(item.a());
            Kept v = new Kept(item.b());
            Kept max = item.c() == null ? v : new Kept(item.c());
            for (int i = 0; i < p.length; i++) {
                double d = g.get(i) + decay * p.get(i);
                m.set(i, beta1 * m.get(i) + (1 - beta1) * d);
                v.set(i, beta2 * v.get(i) + (1 - beta2) * d * d);
                max.set(i, Math.max(max.get(i), v.get(i)));
                p.set(i, keep * p.get(i) + item.rate() * m.get(i) / (Math.sqrt(max.get(i)) + item.own()));
            }
        }
    }

    static void sgd(List<Item> items, double momentum, boolean nesterov, double decay) {
        for (Item item : items) {
            Kept p = new Kept(item.p());
            Kept g = new Kept(item.g());
            for (int i = 0; i < p.length; i++) {
                double d = g.get(i) + decay * p.get(i);
                if (item.a() != null) {
                    Kept m = new Kept(item.a());
                    m.set(i, momentum * m.get(i) + item.own() * d);
                    d = nesterov ? d + momentum * m.get(i) : m.get(i);
                }
                p.set(i, p.get(i) + item.rate() * d);
            }
        }
    }

    static void rmsProp(List<Item> items, double alpha, double momentum, double decay) {
        for (Item item : items) {
            Kept p = new Kept(item.p());
            Kept g = new Kept(item.g());
            Kept v = new Kept(item.a());
            for (int i = 0; i < p.length; i++) {
                double d = g.get(i) + decay * p.get(i);
                v.set(i, alpha * v.get(i) + (1 - alpha) * d * d);
                double square = v.get(i);
                if (item.b() != null) {
                    Kept mean = new Kept(item.b());
                    mean.set(i, alpha * mean.get(i) + (1 - alpha) * d);
                    square = Math.max(square - mean.get(i) * mean.get(i), 0);
                }
                d /= Math.sqrt(square) + item.own();
                if (item.c() != null) {
                    Kept m = new Kept(item.c());
                    m.set(i, momentum * m.get(i) + d);
                    d = m.get(i);
                }
                p.set(i, p.get(i) + item.rate() * d);
            }
        }
    }

    static void adagrad(List<Item> items, double decay) {
        for (Item item : items) {
            Kept p = new Kept(item.p());
            Kept g = new Kept(item.g());
            Kept v = new Kept(item.a());
            for (int i = 0; i < p.length; i++) {
                double d = g.get(i) + decay * p.get(i);
                v.set(i, v.get(i) + d * d);
                p.set(i, p.get(i) + item.rate() * d / (Math.sqrt(v.get(i)) + item.own()));
            }
        }
    }

    /// The numbers of a contiguous view.
    private static final class Kept {
        private final Cells cells;
        private final int offset;
        private final int length;

        Kept(View view) {
            cells = Cells.of(view);
            offset = view.offset();
            length = view.shape().length();
        }

        double get(int i) {
            return cells.get(offset + i);
        }

        void set(int i, double value) {
            cells.set(offset + i, value);
        }
    }
}
