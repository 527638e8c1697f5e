package wengert.tensor.cpu;

import java.util.List;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.View;

/// Steps of optimisers. Bound by memory: Adam moves 28 bytes per parameter and does 15 operations on them, so
/// each number is read and written once, and all parameters of a group share one parallel loop over fixed
/// blocks; a bias of 64 numbers then costs 64 numbers, not a call. The loops are [F32Optimizers].
final class Optimizers {
    /// Numbers per tile: five blocks of this size stay in the second-level cache.
    private static final int BLOCK = 8192;

    /// The work on numbers `from` to `to` of one item.
    private interface Work {
        void run(Item item, int from, int to);
    }

    private Optimizers() {
    }

    private static void each(List<Item> items, Work work) {
        int n = items.size();
        int[] first = new int[n + 1]; // the tile each item starts with
        for (int i = 0; i < n; i++) {
            first[i + 1] = first[i] + (items.get(i).p().shape().length() + BLOCK - 1) / BLOCK;
        }
        Parallel.run(first[n], t -> {
            int i = 0;
            while (first[i + 1] <= t) {
                i++;
            }
            Item item = items.get(i);
            int from = (t - first[i]) * BLOCK;
            int to = Math.min(from + BLOCK, item.p().shape().length());
            int start = item.p().offset();
            work.run(item, start + from, start + to);
        });
    }

    static void adam(List<Item> items, double beta1, double beta2, double decay, double keep) {
        each(items, (x, from, to) -> F32Optimizers.adam(f32(x.p()), f32(x.g()), f32(x.a()), f32(x.b()),
                f32(x.c()), from, to, (float) (1 - beta1), (float) (1 - beta2), (float) decay, (float) keep,
                (float) x.rate(), (float) x.own()));
    }

    static void sgd(List<Item> items, double momentum, boolean nesterov, double decay) {
        each(items, (x, from, to) -> F32Optimizers.sgd(f32(x.p()), f32(x.g()), f32(x.a()), from, to,
                (float) momentum, (float) x.own(), nesterov, (float) decay, (float) x.rate()));
    }

    static void rmsProp(List<Item> items, double alpha, double momentum, double decay) {
        each(items, (x, from, to) -> F32Optimizers.rmsProp(f32(x.p()), f32(x.g()), f32(x.a()), f32(x.b()),
                f32(x.c()), from, to, (float) (1 - alpha), (float) momentum, (float) decay, (float) x.rate(),
                (float) x.own()));
    }

    static void adagrad(List<Item> items, double decay) {
        each(items, (x, from, to) -> F32Optimizers.adagrad(f32(x.p()), f32(x.g()), f32(x.a()), from, to,
                (float) decay, (float) x.rate(), (float) x.own()));
    }

    private static float[] f32(View v) {
        return v == null ? null : v.storage().f32();
    }
}
