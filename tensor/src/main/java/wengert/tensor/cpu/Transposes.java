package wengert.tensor.cpu;

/// Copies of f32 views whose rows are another array's columns. Walking such a view element by element touches
/// a new cache line with every step; here 64-wide squares are turned over inside the cache.
final class Transposes {
    private static final int TILE = 64;

    private Transposes() {
    }

    /// Copies a walk to contiguous memory if its innermost axis is strided and another axis has step 1.
    ///
    /// @return false if the walk is not of this form; nothing has been copied then
    static boolean copy(Walk x, float[] from, Walk y, float[] to) {
        int last = x.rank() - 1;
        int unit = -1;
        for (int a = 0; a < last; a++) {
            if (x.step(a) == 1) {
                unit = a;
            }
        }
        if (unit < 0 || x.step(last) == 0 || x.step(last) == 1 || x.size(unit) < 4 || x.size(last) < 4) {
            return false;
        }
        // y's step along `unit` is the product of the sizes after it; everything else is an outer loop
        int rows = x.size(unit);
        int columns = x.size(last);
        int ldx = x.step(last);
        int ldy = 1;
        for (int a = unit + 1; a <= last; a++) {
            ldy *= x.size(a);
        }
        int[] sizes = new int[x.rank()];
        int[] stepsX = new int[x.rank()];
        int[] stepsY = new int[x.rank()];
        int count = 0;
        int outer = 1;
        int step = ldy * rows;
        for (int a = unit - 1; a >= 0; a--) {
            sizes[count] = x.size(a);
            stepsX[count] = x.step(a);
            stepsY[count++] = step;
            step *= x.size(a);
            outer *= x.size(a);
        }
        step = columns;
        for (int a = last - 1; a > unit; a--) {
            sizes[count] = x.size(a);
            stepsX[count] = x.step(a);
            stepsY[count++] = step;
            step *= x.size(a);
            outer *= x.size(a);
        }
        int axes = count;
        int across = (columns + TILE - 1) / TILE;
        int down = (rows + TILE - 1) / TILE;
        int tiles = outer * across * down;
        int stepY = ldy;
        Parallel.Tile tile = t -> {
            int sx = x.offset();
            int sy = y.offset();
            int rest = t / (across * down);
            for (int a = 0; a < axes; a++) {
                sx += rest % sizes[a] * stepsX[a];
                sy += rest % sizes[a] * stepsY[a];
                rest /= sizes[a];
            }
            int i = t / across % down * TILE;
            int j = t % across * TILE;
            // rows of `from` here are x's innermost axis j, each with `unit` i contiguous
            F32Kernels.BEST.transpose(from, sx + j * ldx + i, ldx, to, sy + i * stepY + j, stepY,
                    Math.min(TILE, columns - j), Math.min(TILE, rows - i));
        };
        if ((long) rows * columns * outer < 32_768) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
        return true;
    }
}
