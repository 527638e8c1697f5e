package wengert.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.cuda.memory.Staging;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.View;

/// Steps of optimisers: one launch for up to MOST_ITEMS parameters, whose addresses and rates stand among the
/// kernel's parameters, so that nothing is copied to the card for a step. See `optimizers.cu`.
final class Optimizers implements OptimizerKernels {
    private static final String FILE = "optimizers";
    /// As in `optimizers.cu`; with five addresses each they fit into the 4,096 bytes of a launch.
    private static final int MOST_ITEMS = 64;
    private static final int CHUNK = 4096;

    private final Context context;
    private final Allocator allocator;
    private final Staging staging;

    Optimizers(Context context, Allocator allocator, Staging staging) {
        this.context = context;
        this.allocator = allocator;
        this.staging = staging;
    }

    @Override
    public void adam(List<Item> items, double beta1, double beta2, double decay, double keep) {
        step("adam", items, launch -> launch.f32((float) (1 - beta1)).f32((float) (1 - beta2))
                .f32((float) decay).f32((float) keep));
    }

    @Override
    public void sgd(List<Item> items, double momentum, boolean nesterov, double decay) {
        step("sgd", items, launch -> launch.f32((float) momentum).f32((float) decay).i32(nesterov ? 1 : 0));
    }

    @Override
    public void rmsProp(List<Item> items, double alpha, double momentum, double decay) {
        step("rms_prop", items, launch -> launch.f32((float) (1 - alpha)).f32((float) momentum)
                .f32((float) decay));
    }

    @Override
    public void adagrad(List<Item> items, double decay) {
        step("adagrad", items, launch -> launch.f32((float) decay));
    }

    private void step(String kernel, List<Item> items, Consumer<Launch> scalars) {
        List<Item> some = items.stream().filter(item -> item.p().shape().length() > 0).toList();
        for (int from = 0; from < some.size(); from += MOST_ITEMS) {
            List<Item> part = some.subList(from, Math.min(from + MOST_ITEMS, some.size()));
            long[] places = new long[5 * MOST_ITEMS];
            int[] rates = new int[2 * MOST_ITEMS];
            List<Function<Item, View>> slots = List.of(Item::p, Item::g, Item::a, Item::b, Item::c);
            for (int i = 0; i < part.size(); i++) {
                for (int slot = 0; slot < slots.size(); slot++) {
                    View v = slots.get(slot).apply(part.get(i));
                    places[slot * MOST_ITEMS + i] = v == null ? 0 : Views.address(v);
                }
                rates[i] = Float.floatToRawIntBits((float) part.get(i).rate());
                rates[MOST_ITEMS + i] = Float.floatToRawIntBits((float) part.get(i).own());
            }
            var extents = new Extents(part.stream().map(Item::p).toList());
            Launch launch = context.kernel(FILE, kernel).launch().longs(places).ints(extents.table)
                    .ints(rates);
            scalars.accept(launch);
            launch.run(extents.blocks(), Grid.THREADS);
        }
    }

    /// The sums of chunks come back to the program, which waits for them, and are added up there.
    @Override
    public void squares(List<View> gs, double[] sums) {
        Arrays.fill(sums, 0);
        List<Integer> some = new ArrayList<>();
        for (int i = 0; i < gs.size(); i++) {
            if (gs.get(i).shape().length() > 0) {
                some.add(i);
            }
        }
        for (int from = 0; from < some.size(); from += MOST_ITEMS) {
            squares(gs, some.subList(from, Math.min(from + MOST_ITEMS, some.size())), sums);
        }
    }

    private void squares(List<View> gs, List<Integer> which, double[] sums) {
        long[] places = new long[MOST_ITEMS];
        for (int i = 0; i < which.size(); i++) {
            places[i] = Views.address(gs.get(which.get(i)));
        }
        var extents = new Extents(which.stream().map(gs::get).toList());
        double[] partial = new double[extents.blocks()];
        Buffer there = allocator.take((long) Double.BYTES * partial.length);
        try {
            context.kernel(FILE, "squares").launch().longs(places).ints(extents.table)
                    .address(there.address()).run(partial.length, Grid.THREADS);
            staging.download(there.address(), MemorySegment.ofArray(partial));
        } finally {
            there.free();
        }
        for (int i = 0; i < which.size(); i++) {
            int first = extents.first(i);
            sums[which.get(i)] = sum(partial, first, first + chunks(gs.get(which.get(i))));
        }
    }

    /// Pairwise.
    private static double sum(double[] values, int from, int to) {
        if (to - from == 1) {
            return values[from];
        }
        int middle = (from + to) >>> 1;
        return sum(values, from, middle) + sum(values, middle, to);
    }

    private static int chunks(View v) {
        return (v.shape().length() + CHUNK - 1) / CHUNK;
    }

    /// Which blocks go through which parameter: `struct Extents`.
    private static final class Extents {
        private final int[] table = new int[2 * MOST_ITEMS];
        private int next;

        Extents(List<View> views) {
            Arrays.fill(table, 0, MOST_ITEMS, Integer.MAX_VALUE);
            for (int i = 0; i < views.size(); i++) {
                table[i] = next;
                table[MOST_ITEMS + i] = views.get(i).shape().length();
                next += chunks(views.get(i));
            }
        }

        int first(int item) {
            return table[item];
        }

        int blocks() {
            return next;
        }
    }
}
