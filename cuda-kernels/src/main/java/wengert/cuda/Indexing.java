package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Elements chosen by numbers, and added up where numbers say. See `indexing.cu`.
///
/// An index outside of the axis is told where the program next waits for the card, see [Faults]; what it
/// chose is 0, or was not added.
final class Indexing {
    private static final String FILE = "indexing";
    /// Threads for a scatter: more only read the indices once more.
    private static final int ENOUGH = 1 << 15;
    /// Threads that read indices together.
    private static final int WARP = 32;

    private final Context context;
    private final Faults faults;

    Indexing(Context context, Faults faults) {
        this.context = context;
        this.faults = faults;
    }

    void gather(View x, int axis, View index, View y) {
        if (y.shape().elements() == 0) {
            return;
        }
        // Of an empty axis nothing is read, and every index is a fault.
        View from = x.shape().size(axis) == 0 ? y : at(x, axis, index.shape()).expand(index.shape());
        int[] walk = Views.walk(index, from, y);
        int step = x.stride(axis);
        int bytes = x.dtype().bytes();
        int pack = 16 / bytes;
        int n = y.shape().length();
        if (from != y && wholeRows(walk, step, pack) && Views.address(from) % 16 == 0
                && Views.address(y) % 16 == 0) {
            step /= pack;
            n /= pack;
            int inner = walk[0] - 1;
            walk[1 + inner] /= pack;
            for (int a = 0; a < inner; a++) {
                walk[1 + 2 * Views.MOST_AXES + a] /= pack;
                walk[1 + 3 * Views.MOST_AXES + a] /= pack;
            }
            bytes = 16;
        } else {
            pack = 1;
        }
        Launch launch = context.kernel(FILE, "gather_" + bytes).launch();
        Views.address(launch, index);
        Views.address(launch, from);
        Views.address(launch, y).ints(walk).ints(x.shape().size(axis), step, pack).i32(n);
        faults.put(launch, "gather", index, axis, x.shape())
                .run(Grid.blocks(context, n, 1), Grid.THREADS);
    }

    /// Whether every index chooses a run of adjacent elements that moves in pieces of `pack`.
    private static boolean wholeRows(int[] walk, int step, int pack) {
        int inner = walk[0] - 1;
        int steps = 1 + Views.MOST_AXES;
        if (inner < 0 || walk[steps + inner] != 0 || walk[1 + inner] % pack != 0 || step % pack != 0
                || walk[steps + Views.MOST_AXES + inner] != 1
                || walk[steps + 2 * Views.MOST_AXES + inner] != 1) {
            return false;
        }
        for (int a = 0; a < inner; a++) {
            if (walk[steps + Views.MOST_AXES + a] % pack != 0
                    || walk[steps + 2 * Views.MOST_AXES + a] % pack != 0) {
                return false;
            }
        }
        return true;
    }

    void scatterAdd(View x, int axis, View index, View y) {
        if (index.shape().elements() == 0) {
            return;
        }
        int size = index.shape().size(axis);
        int target = y.shape().size(axis);
        View source = x.slice(axis, 0, 1, 1);
        View to = target == 0 ? source : at(y, axis, source.shape());
        View chosen = index.slice(axis, 0, 1, 1);
        int[] walk = Views.walk(chosen, source, to);
        int lines = chosen.shape().length();
        boolean beside = walk[0] == 0
                || Math.abs(index.stride(axis)) < Math.abs(walk[1 + Views.MOST_AXES + walk[0] - 1]);
        int wanted = Math.max(beside ? WARP : 1, ENOUGH / lines);
        int owners = Integer.highestOneBit(Math.clamp(wanted, 1, Math.max(1, Math.min(size, target))));
        while ((long) lines * owners > 1 << 30) {
            owners /= 2;
        }
        int inner = 1;
        for (int a = axis + 1; a < index.shape().rank(); a++) {
            inner *= index.shape().size(a);
        }
        Launch launch = context.kernel(FILE, "scatter_add_" + y.dtype()).launch();
        Views.address(launch, chosen);
        Views.address(launch, source);
        Views.address(launch, to).ints(walk).ints(target, y.stride(axis), index.stride(axis), x.stride(axis),
                size, inner, lines, owners, beside ? 1 : 0);
        faults.put(launch, "scatterAdd", index, axis, y.shape())
                .run((lines * owners + Grid.THREADS - 1) / Grid.THREADS, Grid.THREADS);
    }

    /// The corner of a view with the sizes of another, but for the axis, which has size 1.
    private static View at(View v, int axis, Shape sizes) {
        View corner = v;
        for (int a = 0; a < sizes.rank(); a++) {
            corner = corner.slice(a, 0, 1, a == axis ? 1 : sizes.size(a));
        }
        return corner;
    }
}
