package wengert.cuda;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Starts kernels of `folds.cuh`: which axes of x count results and which are folded, how threads are shared
/// out between results and the elements of one, and how many blocks share a result. All of it follows from
/// shapes and strides alone, so that a sum has the same bits on every card.
final class Folds {
    /// Threads of a block, as in `folds.cuh`.
    static final int BLOCK = 256;
    /// Elements, or packs, that a thread should have at least.
    private static final int EACH = 4;
    /// So many for a thread take no longer than a second launch.
    private static final int PATIENCE = 32;
    /// Results beside each other where they are adjacent: 128 bytes of f32.
    private static final int WIDEST = 32;
    /// Blocks that are enough for every card.
    private static final int ENOUGH = 1024;

    private final Context context;
    private final Allocator allocator;
    private final Copies copies;

    Folds(Context context, Allocator allocator, Copies copies) {
        this.context = context;
        this.allocator = allocator;
        this.copies = copies;
    }

    /// `struct Plan`.
    ///
    /// @param splits blocks that share a result
    record Plan(int results, int length, int lanes, boolean beside, int chunk, int width, int splits) {
        /// One block for each result or several results.
        ///
        /// @param beside whether the elements of a result are adjacent, and not the results
        static Plan of(int results, int length, boolean beside) {
            int lanes = Math.min(BLOCK, powerOfTwo((length + EACH - 1) / EACH));
            if (!beside) {
                lanes = Math.min(lanes, BLOCK / Math.min(WIDEST, powerOfTwo(results)));
            }
            return new Plan(results, length, lanes, beside, Math.max(1, length), 1, 1);
        }

        /// The same with several blocks for each result, where there are few.
        private Plan shared() {
            int blocks = blocks();
            if (blocks >= ENOUGH / 2 || length <= (long) PATIENCE * lanes) {
                return this;
            }
            int parts = Math.clamp(length / (2L * EACH * lanes), 1, ENOUGH / blocks);
            long each = ((long) length + parts - 1) / parts;
            int part = (int) ((each + lanes - 1) / lanes * lanes);
            return new Plan(results, length, lanes, beside, part, width, (length + part - 1) / part);
        }

        private Plan loading(int elements) {
            return new Plan(results, length, lanes, beside, chunk, elements, splits);
        }

        int blocks() {
            int each = BLOCK / lanes;
            return (int) (((long) results + each - 1) / each);
        }

        Launch put(Launch launch) {
            return launch.ints(results, length, lanes, beside ? 1 : 0, chunk, width);
        }

        private static int powerOfTwo(int atLeast) {
            return atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
        }
    }

    /// Folds x.
    ///
    /// @param file   of the kernel
    /// @param entry  its name; `entry_finish` joins states of blocks that share a result
    /// @param state  bytes of a state
    /// @param packs  whether it can load 16 bytes at once
    /// @param folded which axes are folded; at least one element for each result
    /// @param last   adds what the kernel expects after the addresses of ys
    /// @param ys     results, of x's shape with size 1 in the folded axes
    void run(String file, String entry, int state, boolean packs, boolean[] folded, Consumer<Launch> last,
            View x, View... ys) {
        if (ys[0].shape().elements() == 0) {
            return;
        }
        int[] order = order(x, folded);
        int kept = order.length;
        for (boolean f : folded) {
            kept -= f ? 1 : 0;
        }
        View[] results = new View[1 + ys.length];
        results[0] = first(x, folded, true).permute(order);
        for (int i = 0; i < ys.length; i++) {
            results[1 + i] = ys[i].permute(order);
        }
        View elements = first(x, folded, false).permute(order);
        if (Views.axes(elements) > Views.MOST_AXES) {
            View row = scratch(x.permute(order));
            boolean[] tail = new boolean[order.length];
            Arrays.fill(tail, kept, tail.length, true);
            try {
                run(file, entry, state, packs, tail, last, row,
                        Arrays.copyOfRange(results, 1, results.length));
            } finally {
                ((Buffer) row.storage().data()).free();
            }
            return;
        }
        Views.split(v -> start(file, entry, state, packs, last, elements, v), results);
    }

    /// Axes as they are walked: kept ones before folded ones, of each kind the one with the smallest step
    /// last. Where nothing moves (step 0), order does not matter.
    private static int[] order(View x, boolean[] folded) {
        Integer[] axes = new Integer[folded.length];
        Arrays.setAll(axes, a -> a);
        Arrays.sort(axes, Comparator.<Integer, Boolean>comparing(a -> folded[a])
                .thenComparing(a -> x.stride(a) == 0 ? Integer.MIN_VALUE : -Math.abs(x.stride(a))));
        return Arrays.stream(axes).mapToInt(a -> a).toArray();
    }

    /// x at the first index of some axes.
    private static View first(View x, boolean[] axes, boolean which) {
        View v = x;
        for (int a = 0; a < axes.length; a++) {
            if (axes[a] == which) {
                v = v.slice(a, 0, 1, 1);
            }
        }
        return v;
    }

    /// A row-major copy.
    private View scratch(View x) {
        Shape shape = x.shape();
        DType dtype = x.dtype();
        View y = View.of(new Storage(x.storage().device(), dtype, shape.length(),
                allocator.take((long) shape.length() * dtype.bytes())), shape);
        copies.copy(x, y);
        return y;
    }

    private void start(String file, String entry, int state, boolean packs, Consumer<Launch> last,
            View elements, View[] results) {
        View x = results[0];
        int[] kept = Views.walk(results);
        int[] folded = Views.walk(elements);
        Plan plan = Plan.of(x.shape().length(), elements.shape().length(), beside(kept, folded));
        int width = 16 / x.dtype().bytes();
        if (packs && packs(x, kept, folded, width)) {
            int inner = folded[0] - 1;
            folded[1 + inner] /= width;
            folded[1 + Views.MOST_AXES + inner] = width;
            plan = Plan.of(plan.results, plan.length / width, true).loading(width);
        }
        plan = plan.shared();
        if (plan.splits == 1) {
            Launch launch = context.kernel(file, entry).launch();
            plan.put(Views.address(launch, x).nowhere().ints(kept).ints(folded));
            end(launch, results, last).run(plan.blocks(), BLOCK);
            return;
        }
        Buffer partial = allocator.take((long) plan.results * plan.splits * state);
        try {
            Launch launch = context.kernel(file, entry).launch();
            plan.put(Views.address(launch, x).address(partial.address()).ints(kept).ints(folded));
            end(launch, results, last).run(plan.blocks(), plan.splits, 1, BLOCK);
            Plan joining = Plan.of(plan.results, plan.splits, true);
            Launch finish = context.kernel(file, entry + "_finish").launch();
            joining.put(Views.address(finish, x).address(partial.address()).ints(kept));
            end(finish, results, last).run(joining.blocks(), BLOCK);
        } finally {
            partial.free();
        }
    }

    private static Launch end(Launch launch, View[] results, Consumer<Launch> last) {
        for (int i = 1; i < results.length; i++) {
            Views.address(launch, results[i]);
        }
        last.accept(launch);
        return launch;
    }

    /// Whether the elements of a result are closer together than the results are.
    private static boolean beside(int[] kept, int[] folded) {
        return kept[0] == 0 || folded[0] > 0 && innerStep(folded) <= innerStep(kept);
    }

    private static int innerStep(int[] walk) {
        int step = Math.abs(walk[1 + Views.MOST_AXES + walk[0] - 1]);
        return step == 0 ? Integer.MAX_VALUE : step;
    }

    /// Whether what is folded can be loaded in aligned pieces of 16 bytes.
    private static boolean packs(View x, int[] kept, int[] folded, int width) {
        int inner = folded[0] - 1;
        int steps = 1 + Views.MOST_AXES;
        if (inner < 0 || folded[steps + inner] != 1 || folded[1 + inner] % width != 0
                || Views.address(x) % 16 != 0) {
            return false;
        }
        for (int a = 0; a < Views.MOST_AXES; a++) {
            if (a != inner && folded[steps + a] % width != 0 || kept[steps + a] % width != 0) {
                return false;
            }
        }
        return true;
    }
}
