package wengert.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.ReduceKind;
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
        List<View> ps = new ArrayList<>(items.size());
        for (Item item : items) {
            ps.add(item.p());
        }
        blocks(ps, tiles(ps), (i, t, from, to) -> work.run(items.get(i), from, to));
    }

    /// The tile that each array starts with, and how many there are in all.
    private static int[] tiles(List<View> arrays) {
        int[] first = new int[arrays.size() + 1];
        for (int i = 0; i < arrays.size(); i++) {
            first[i + 1] = first[i] + (arrays.get(i).shape().length() + BLOCK - 1) / BLOCK;
        }
        return first;
    }

    /// The work on numbers `from` to `to` of array i, which is tile t.
    private interface Block {
        void run(int i, int t, int from, int to);
    }

    private static void blocks(List<View> arrays, int[] first, Block work) {
        Parallel.run(first[arrays.size()], t -> {
            int i = 0;
            while (first[i + 1] <= t) {
                i++;
            }
            View array = arrays.get(i);
            int from = (t - first[i]) * BLOCK;
            int to = Math.min(from + BLOCK, array.shape().length());
            work.run(i, t, array.offset() + from, array.offset() + to);
        });
    }

    /// Blocks, and then their sums, fold as [Folds] says.
    static void squares(List<View> gs, double[] sums) {
        int[] first = tiles(gs);
        double[] parts = new double[first[gs.size()]];
        blocks(gs, first, (i, t, from, to) -> {
            float[] g = gs.get(i).storage().f32();
            Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
            for (int at = from; at < to; at += Folds.BLOCK) {
                tree.add(Sums.dot(g, at, g, at, Math.min(Folds.BLOCK, to - at)));
            }
            parts[t] = tree.total();
        });
        for (int i = 0; i < gs.size(); i++) {
            Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
            for (int t = first[i]; t < first[i + 1]; t++) {
                tree.add(parts[t]);
            }
            sums[i] = tree.total();
        }
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
