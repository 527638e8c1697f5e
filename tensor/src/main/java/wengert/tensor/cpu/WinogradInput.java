package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.Pixels.Tile;

/// The side of [Winograd] that images are on: factors of the points² numbers that each tile of 2 × 2 outputs
/// reads. Tile (t, u) reads, for row i and column j of a window, the number at row `t·step + down − pad`,
/// column `u·step + right − pad` of a plane, or 0 outside of it; down and right depend on the window and (i,
/// j).
///
/// Planes are split as for direct convolutions ([Planes]), so that the tiles of a row read neighbouring
/// numbers. Where a plane has a few tiles only, numbers are moved one by one instead, by a table.
final class WinogradInput {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int L = SUMS.lanes();
    /// Channels whose rows are gathered, or read, at a time: what the first-level cache holds.
    private static final int BLOCK = 8;

    private final int products;
    private final int points;
    private final Pixels pixels;
    private final Planes planes;
    /// Per window, where its rows begin in a prepared plane.
    private final int[][] windows;
    /// Per window, moves of single numbers: from where in a plane, to where among the rows of an image; or
    /// null.
    private final int[][] sources;
    private final int[][] targets;
    /// Distance of the rows that the moves fill.
    private final int ld;

    /// @param pixels tiles of 2 × 2 outputs
    /// @param height rows of a plane
    /// @param step   distance of tiles in a plane
    /// @param down   per window, the row offsets of its numbers
    /// @param right  per window, the column offsets of its numbers
    WinogradInput(Winograd f, Pixels pixels, int height, int width, int step, int padH, int padW,
            int[][] down, int[][] right) {
        this.points = f.points();
        this.products = f.products();
        this.pixels = pixels;
        int[] slots = new int[step * step];
        Arrays.setAll(slots, i -> i);
        planes = new Planes(height, width, step, step, padH, padW, pixels.mostRows() + most(down) / step,
                pixels.width + most(right) / step, slots);
        windows = new int[down.length][products];
        for (int i = 0; i < windows.length; i++) {
            for (int p = 0; p < products; p++) {
                windows[i][p] = planes.tap(down[i][p / points], right[i][p % points]);
            }
        }
        ld = Math.ceilDiv(pixels.mostImages() * pixels.height * pixels.width, W) * W + 16;
        boolean few = WINDOWS.piece(pixels.width) == 1 && pixels.mostRows() == pixels.height;
        sources = few ? new int[windows.length][] : null;
        targets = few ? new int[windows.length][] : null;
        for (int i = 0; few && i < windows.length; i++) {
            int[] from = new int[products * pixels.height * pixels.width];
            int[] to = new int[from.length];
            int n = 0;
            for (int p = 0; p < products; p++) {
                for (int t = 0; t < pixels.height * pixels.width; t++) {
                    int h = t / pixels.width * step + down[i][p / points] - padH;
                    int v = t % pixels.width * step + right[i][p % points] - padW;
                    if (h >= 0 && h < height && v >= 0 && v < width) {
                        from[n] = h * width + v;
                        to[n++] = p * ld + t;
                    }
                }
            }
            sources[i] = Arrays.copyOf(from, n);
            targets[i] = Arrays.copyOf(to, n);
        }
    }

    private static int most(int[][] offsets) {
        int most = 0;
        for (int[] o : offsets) {
            most = Math.max(most, o[o.length - 1]);
        }
        return most;
    }

    /// Factors of n channels in one tile of pixels, for the windows `first` to `first + parts`. Number `tile
    /// % W` of strip `tile / W`, point p and term `(window − first)·n + channel` goes to `strip·stripStep +
    /// p·pointStep + term·termStep + tile % W`.
    ///
    /// @param fresh whether x is new since the last call in this thread
    /// @param xo    first plane of the tile's first image
    void factors(Tile tile, int first, int parts, boolean fresh, float[] x, int xo, int imageStep,
            int planeStep, int n, float[] to, int stripStep, int pointStep, int termStep) {
        if (sources != null) {
            moved(tile, first, parts, x, xo, imageStep, planeStep, n, to, stripStep, pointStep, termStep);
            return;
        }
        Scratch scratch = Scratch.mine();
        int size = planes.size();
        // for other windows to come, all channels are kept
        int hold = windows.length == parts ? Math.min(BLOCK, n) : n;
        float[] prepared = scratch.floats(0, tile.count() * hold * size);
        if (fresh) {
            planes.clear(prepared, tile.count() * hold);
        }
        int piece = WINDOWS.piece(tile.width());
        int[] shifts = scratch.ints(0, Math.ceilDiv(tile.pixels(), W) * W);
        WindowProduct.shifts(tile, hold * size, planes.columns(), piece, shifts);
        for (int j = 0; j < n; j += BLOCK) {
            if (fresh && j % hold == 0) {
                prepare(tile, x, xo + j * planeStep, imageStep, planeStep, Math.min(hold, n - j), prepared,
                        hold * size);
            }
            int block = Math.min(BLOCK, n - j);
            int start = j % hold * size;
            for (int s = 0; s * W < tile.pixels(); s++) {
                int at = s * stripStep + j * termStep;
                if (piece == L) {
                    int pieces = Math.min(W, tile.pixels() - s * W) / L;
                    for (int b = 0; b < parts; b++) {
                        for (int i = 0; i < pieces; i++) {
                            SUMS.input(points, prepared, start + shifts[s * (W / L) + i], windows[first + b],
                                    size, to, at + b * n * termStep + i * L, pointStep, termStep, block);
                        }
                    }
                } else {
                    gathered(tile, s, first, parts, prepared, start, hold * size, n, block, shifts, piece,
                            to, at, pointStep, termStep);
                }
            }
        }
    }

    private void prepare(Tile tile, float[] x, int xo, int imageStep, int planeStep, int n, float[] prepared,
            int step) {
        for (int i = 0; i < tile.count(); i++) {
            for (int j = 0; j < n; j++) {
                planes.prepare(x, xo + i * imageStep + j * planeStep, tile.row(), prepared,
                        i * step + j * planes.size());
            }
        }
    }

    private void gathered(Tile tile, int s, int first, int parts, float[] prepared, int start, int imageStep,
            int n, int block, int[] shifts, int piece, float[] to, int at, int pointStep, int termStep) {
        Scratch scratch = Scratch.mine();
        int size = planes.size();
        int rows = parts * products;
        int[] rowAt = scratch.ints(1, BLOCK * rows);
        for (int r = 0; r < block * rows; r++) {
            rowAt[r] = r / rows * size + windows[first + r % rows / products][r % products];
        }
        float[] gathered = scratch.floats(4, BLOCK * rows * W);
        WindowProduct.pack(tile, s, prepared, start, imageStep, planes.columns(), rowAt, block * rows,
                shifts, piece, gathered);
        int[] steps = steps(products, W);
        for (int b = 0; b < parts; b++) {
            for (int i = 0; i < W; i += L) {
                SUMS.input(points, gathered, b * products * W + i, steps, rows * W, to,
                        at + b * n * termStep + i,
                        pointStep, termStep, block);
            }
        }
    }

    private void moved(Tile tile, int first, int parts, float[] x, int xo, int imageStep, int planeStep,
            int n, float[] to, int stripStep, int pointStep, int termStep) {
        Scratch scratch = Scratch.mine();
        int strips = Math.ceilDiv(tile.pixels(), W);
        int size = tile.rows() * tile.width();
        // the same plane of all images lies in the same places of the caches, if x is read where it is
        int apart = n * planeStep + 16;
        float[] images = scratch.floats(0, tile.count() * apart);
        for (int i = 0; i < tile.count(); i++) {
            System.arraycopy(x, xo + i * imageStep, images, i * apart, n * planeStep);
        }
        int each = products * ld;
        float[] rows = scratch.floats(4, parts * each);
        Arrays.fill(rows, 0, parts * each, 0f);
        int[] steps = steps(products, ld);
        for (int j = 0; j < n; j++) {
            for (int b = 0; b < parts; b++) {
                for (int i = 0; i < tile.count(); i++) {
                    move(images, i * apart + j * planeStep, sources[first + b], rows, b * each + i * size,
                            targets[first + b]);
                }
            }
            for (int b = 0; b < parts; b++) {
                for (int i = 0; i < W; i += L) {
                    SUMS.input(points, rows, b * each + i, steps, W, to, (b * n + j) * termStep + i,
                            pointStep, stripStep, strips);
                }
            }
        }
    }

    private static void move(float[] from, int start, int[] source, float[] to, int at, int[] target) {
        for (int e = 0; e < source.length; e++) {
            to[at + target[e]] = from[start + source[e]];
        }
    }

    /// 0, step, 2·step, …
    static int[] steps(int n, int step) {
        int[] steps = new int[n];
        Arrays.setAll(steps, i -> i * step);
        return steps;
    }
}
