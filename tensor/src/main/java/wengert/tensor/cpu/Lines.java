package wengert.tensor.cpu;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// A *line* is what runs along an axis at one index of the others. Lines are independent, so a tile is a
/// stretch of lines; it takes the first element of all of them, then the second: neighbours in memory where
/// the axis is not the last.
final class Lines {
    /// Lines per tile.
    private static final int LINES = 256;

    private Lines() {
    }

    /// The work of a tile: where each of `n` lines begins in three operands.
    interface Work {
        void run(int n, int[] a, int[] b, int[] c);
    }

    /// Hands out the lines of a shape; along the axis, operands may have other sizes.
    static void run(Shape shape, int axis, View a, View b, View c, Work work) {
        if (shape.elements() == 0) {
            return;
        }
        int[] sizes = shape.with(axis, 1).toArray();
        Walk wa = Walk.of(sizes, a.strides(), a.offset());
        Walk wb = Walk.of(sizes, b.strides(), b.offset());
        Walk wc = Walk.of(sizes, c.strides(), c.offset());
        int n = wa.length();
        Parallel.Tile tile = t -> {
            int count = Math.min(LINES, n - t * LINES);
            int[] pa = new int[count];
            int[] pb = new int[count];
            int[] pc = new int[count];
            wa.positions(t * LINES, count, pa);
            wb.positions(t * LINES, count, pb);
            wc.positions(t * LINES, count, pc);
            work.run(count, pa, pb, pc);
        };
        int tiles = (n + LINES - 1) / LINES;
        if (shape.elements() < 16_384) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
    }

    /// A whole number of any kind.
    static long integer(Object array, int at) {
        return switch (array) {
            case int[] x -> x[at];
            case long[] x -> x[at];
            case byte[] x -> x[at];
            default -> throw new IllegalArgumentException("not integers: " + array.getClass());
        };
    }
}
