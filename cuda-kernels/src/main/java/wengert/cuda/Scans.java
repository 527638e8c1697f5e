package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.View;

/// Running sums along an axis. See `scans.cu`.
final class Scans {
    private static final String FILE = "scans";
    /// What a block goes through in one step, and so the shortest stretch worth one.
    private static final int TILE = 8 * Folds.BLOCK;
    /// Lines that need no second block.
    private static final int ENOUGH = 256;
    /// So short that a thread has a whole line.
    private static final int SHORT = 64;

    private final Context context;
    private final Allocator allocator;

    Scans(Context context, Allocator allocator) {
        this.context = context;
        this.allocator = allocator;
    }

    void cumulativeSum(View x, int axis, View y) {
        int length = x.shape().size(axis);
        if (x.shape().elements() == 0) {
            return;
        }
        int stepX = x.stride(axis);
        int stepY = y.stride(axis);
        Views.split(v -> start(v, length, stepX, stepY), x.slice(axis, 0, 1, 1), y.slice(axis, 0, 1, 1));
    }

    private void start(View[] v, int length, int stepX, int stepY) {
        int lines = v[0].shape().length();
        int[] walk = Views.walk(v);
        if (length <= SHORT || lines >= ENOUGH && Math.abs(stepX) > 1) {
            Launch launch = context.kernel(FILE, "scan_lines_" + v[0].dtype()).launch();
            Views.address(launch, v[0]);
            Views.address(launch, v[1]).ints(walk).ints(length, stepX, stepY, length).i32(lines)
                    .run(Grid.blocks(context, lines, 1), Grid.THREADS);
            return;
        }
        int parts = Math.clamp(length / (4L * TILE), 1, (ENOUGH + lines - 1) / lines);
        int chunk = ((length + parts - 1) / parts + TILE - 1) / TILE * TILE;
        parts = (length + chunk - 1) / chunk;
        if (parts == 1) {
            scan(v, walk, null, length, stepX, stepY, chunk, parts);
            return;
        }
        Buffer partial = allocator.take(8L * lines * parts);
        try {
            sums(v, walk, partial, length, stepX, chunk, parts);
            scan(v, walk, partial, length, stepX, stepY, chunk, parts);
        } finally {
            partial.free();
        }
    }

    private void scan(View[] v, int[] walk, Buffer partial, int length, int stepX, int stepY, int chunk,
            int parts) {
        Launch launch = Views.address(context.kernel(FILE, "scan_" + v[0].dtype()).launch(), v[0]);
        if (partial == null) {
            launch.nowhere();
        } else {
            launch.address(partial.address());
        }
        Views.address(launch, v[1]).ints(walk).ints(length, stepX, stepY, chunk)
                .run(v[0].shape().length(), parts, 1, Folds.BLOCK);
    }

    /// The sum of every stretch of every line.
    private void sums(View[] v, int[] walk, Buffer partial, int length, int stepX, int chunk, int parts) {
        int lines = v[0].shape().length();
        int[] line = new int[1 + 2 * Views.MOST_AXES];
        line[0] = 1;
        line[1] = length;
        line[1 + Views.MOST_AXES] = stepX;
        Launch launch = context.kernel("reductions", "reduce_SUM_" + v[0].dtype()).launch();
        Views.address(launch, v[0]).address(partial.address()).ints(walk).ints(line);
        new Folds.Plan(lines, length, Folds.BLOCK, true, chunk, 1, parts).put(launch).nowhere()
                .run(lines, parts, 1, Folds.BLOCK);
    }
}
