package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.Pixels.Tile;

/// The side of [Winograd] that images are on: factors of the points² numbers that each tile of 2 × 2 outputs
/// reads. Tile (t, u) reads, for row i and column j of a window, the number at row `t·step + down − pad`,
/// column `u·step + right − pad` of a plane, or 0 outside of it; down and right depend on the window and
/// (i, j).
///
/// Where the tiles of a row fill vectors, planes are split as for direct convolutions ([Planes]), so that
/// neighbouring tiles read neighbouring numbers. Where they do not, a strip holds the same tile of as many
/// images as it has columns: planes are transposed to `[pixel, image]`, and a row of any window is a pixel.
/// Only where images do not nearly fill these columns, windows are gathered piece by piece.
final class WinogradInput {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int L = SUMS.lanes();
    /// Channels whose rows are gathered, or read, at a time: what the first-level cache holds.
    private static final int BLOCK = 8;
    /// Tiles of a task whose strips hold images, but for one row at least: bands of rows transpose the rows
    /// between them twice. Also the widest row that goes this way.
    private static final int LANES = 256;

    private final int products;
    private final int points;
    private final Pixels pixels;
    private final int height;
    private final int width;
    private final int step;
    private final int padH;
    private final int padW;
    /// Per window, the row offsets and the column offsets of its numbers.
    private final int[][] down;
    private final int[][] right;
    private final Planes planes;
    /// Per window, where its rows begin in a prepared plane.
    private final int[][] windows;

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
        this.height = height;
        this.width = width;
        this.step = step;
        this.padH = padH;
        this.padW = padW;
        this.down = down;
        this.right = right;
        planes = new Planes(height, width, step, step, padH, padW, pixels.mostRows() + most(down) / step,
                pixels.width + most(right) / step, steps(step * step, 1));
        windows = new int[down.length][products];
        for (int i = 0; i < windows.length; i++) {
            for (int p = 0; p < products; p++) {
                windows[i][p] = planes.tap(down[i][p / points], right[i][p % points]);
            }
        }
    }

    /// How images of height × width tiles are cut into tasks: of `most` tiles each, or [#LANES].
    static Pixels pixels(int images, int height, int width, int most) {
        // with more columns empty, what is gained is less than what is computed for nobody
        boolean full = images >= W && Math.floorMod(-images, W) * 6 <= images;
        return full && width % L != 0 && width <= LANES ? Pixels.lanes(images, height, width, W, LANES)
                : new Pixels(images, height, width, most);
    }

    /// Strips of a tile of pixels.
    static int strips(Pixels pixels, Tile tile) {
        return pixels.lanes ? tile.rows() * tile.width() : Math.ceilDiv(tile.pixels(), W);
    }

    private static int most(int[][] offsets) {
        int most = 0;
        for (int[] o : offsets) {
            most = Math.max(most, o[o.length - 1]);
        }
        return most;
    }

    /// Factors of n channels in one tile of pixels, for the windows `first` to `first + parts`. Number i of
    /// strip s, point p and term `(window − first)·n + channel` goes to
    /// `to[s·stripStep + p·pointStep + term·termStep + i]`.
    ///
    /// @param fresh whether x is new since the last call in this thread
    /// @param xo    first plane of the tile's first image
    void factors(Tile tile, int first, int parts, boolean fresh, float[] x, int xo, int imageStep,
            int planeStep, int n, float[] to, int stripStep, int pointStep, int termStep) {
        if (pixels.lanes) {
            lanes(tile, first, parts, x, xo, imageStep, planeStep, n, to, stripStep, pointStep, termStep);
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
            int preparedStep) {
        for (int i = 0; i < tile.count(); i++) {
            for (int j = 0; j < n; j++) {
                planes.prepare(x, xo + i * imageStep + j * planeStep, tile.row(), prepared,
                        i * preparedStep + j * planes.size());
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
                        at + b * n * termStep + i, pointStep, termStep, block);
            }
        }
    }

    private void lanes(Tile tile, int first, int parts, float[] x, int xo, int imageStep, int planeStep,
            int n, float[] to, int stripStep, int pointStep, int termStep) {
        Scratch scratch = Scratch.mine();
        // the rows of a plane that the tile reads, and a pixel of zeros behind them
        int top = Math.max(0, tile.row() * step - padH);
        int bottom = Math.min(height, (tile.row() + tile.rows() - 1) * step - padH + most(down) + 1);
        int count = Math.max(0, bottom - top) * width;
        int size = (count + 1) * W;
        float[] turned = scratch.floats(0, BLOCK * size);
        Arrays.fill(turned, 0, BLOCK * size, 0f);
        int strips = tile.rows() * tile.width();
        int[][] rows = new int[parts * strips][products];
        for (int i = 0; i < rows.length; i++) {
            int[] d = down[first + i / strips];
            int[] r = right[first + i / strips];
            for (int p = 0; p < products; p++) {
                int h = (tile.row() + i % strips / tile.width()) * step + d[p / points] - padH;
                int v = i % strips % tile.width() * step + r[p % points] - padW;
                boolean inside = h >= 0 && h < height && v >= 0 && v < width;
                rows[i][p] = (inside ? (h - top) * width + v : count) * W;
            }
        }
        for (int j = 0; j < n; j += BLOCK) {
            int block = Math.min(BLOCK, n - j);
            for (int c = 0; c < block && count > 0; c++) {
                KERNELS.transpose(x, xo + (j + c) * planeStep + top * width, imageStep, turned, c * size, W,
                        tile.count(), count);
            }
            for (int i = 0; i < rows.length; i++) {
                int at = i % strips * stripStep + (i / strips * n + j) * termStep;
                for (int lane = 0; lane < W; lane += L) {
                    SUMS.input(points, turned, lane, rows[i], size, to, at + lane, pointStep, termStep,
                            block);
                }
            }
        }
    }

    /// 0, step, 2·step, …
    static int[] steps(int n, int step) {
        int[] steps = new int[n];
        Arrays.setAll(steps, i -> i * step);
        return steps;
    }
}
