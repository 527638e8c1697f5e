package wengert.tensor.cpu;

import wengert.tensor.cpu.Pixels.Tile;

/// The heart of forward convolution and data gradient:
///
/// `out[phase][m, pixel] = Σ_{c, tap of phase} weights[phase][m, (c, tap)] · planes[c][tap + pixel]`
///
/// is a matrix product whose right side, the matrix of all windows, is never stored. Per tile of pixels and
/// slice of channels: prepare the planes ([Planes]); for each phase and strip of pixels copy the window rows
/// (c, tap), contiguous stretches of the planes, into a packed strip; multiply all weight rows with it. The
/// strip is used out of the first-level cache. Slices add up in the order of the channels, whatever the
/// tiles.
final class WindowProduct {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final int W = KERNELS.columns();
    /// Window rows per slice, roughly, and weight rows between changes of strip.
    private static final int SLICE = 512;
    private static final int ROWS = 96;

    private final Planes planes;
    private final int m;
    private final int channels;
    private final int[][] taps;
    private final float[] weights;
    private final int[] weightsAt;

    /// @param m         rows of the weight matrices
    /// @param channels  planes per image that are summed over
    /// @param taps      per phase, where each tap begins in a prepared plane
    /// @param weightsAt per phase, where its matrix `[m, channels · taps]` begins
    WindowProduct(Planes planes, int m, int channels, int[][] taps, float[] weights, int[] weightsAt) {
        this.planes = planes;
        this.m = m;
        this.channels = channels;
        this.taps = taps;
        this.weights = weights;
        this.weightsAt = weightsAt;
    }

    /// Where results go.
    interface Output {
        /// The array that a strip may be multiplied into directly, and where: position of row 0, column 0, or
        /// −1 for a scratch block that [#store] gets to see. Only asked if all columns of the strip are
        /// pixels.
        int direct(int strip);

        /// The array of [#direct].
        float[] array();

        /// Distance of its rows.
        int rowStep();

        /// Takes the scratch blocks of one strip: phase f's stands at `at + f·phaseStep`, rows W apart.
        void store(int strip, float[] block, int at, int phaseStep);
    }

    /// Computes one tile.
    ///
    /// @param x         the source images
    /// @param xo        first plane of the tile's first image
    /// @param imageStep distance of images
    /// @param planeStep distance of planes
    void run(Tile tile, float[] x, int xo, int imageStep, int planeStep, Output out) {
        Scratch scratch = Scratch.mine();
        int phases = taps.length;
        int most = 1;
        for (int[] t : taps) {
            most = Math.max(most, t.length);
        }
        int slice = Math.min(channels, Math.max(1, SLICE / most));
        int strips = (tile.pixels() + W - 1) / W;
        float[] prepared = scratch.floats(0, tile.count() * slice * planes.size());
        float[] packed = scratch.floats(1, slice * most * W);
        float[] blocks = scratch.floats(2, strips * phases * m * W);
        int[] rowAt = scratch.ints(0, slice * most);
        for (int c = 0; c < channels; c += slice) {
            int n = Math.min(slice, channels - c);
            for (int i = 0; i < tile.count(); i++) {
                for (int j = 0; j < n; j++) {
                    planes.prepare(x, xo + i * imageStep + (c + j) * planeStep, tile.row(), prepared,
                            (i * slice + j) * planes.size());
                }
            }
            for (int f = 0; f < phases; f++) {
                int[] tap = taps[f];
                for (int j = 0, r = 0; j < n; j++) {
                    for (int t : tap) {
                        rowAt[r++] = j * planes.size() + t;
                    }
                }
                for (int s = 0; s < strips; s++) {
                    pack(tile, s, prepared, slice * planes.size(), rowAt, n * tap.length, packed);
                    boolean full = (s + 1) * W <= tile.pixels();
                    int direct = full ? out.direct(s) : -1;
                    float[] to = direct >= 0 ? out.array() : blocks;
                    int at = direct >= 0 ? direct : (s * phases + f) * m * W;
                    int step = direct >= 0 ? out.rowStep() : W;
                    int lda = channels * tap.length;
                    for (int i = 0; i < m; i += ROWS) {
                        KERNELS.strip(Math.min(ROWS, m - i), n * tap.length, weights,
                                weightsAt[f] + i * lda + c * tap.length, lda, packed, 0, to, at + i * step, step, c > 0);
                    }
                }
            }
        }
        for (int s = 0; s < strips; s++) {
            if ((s + 1) * W > tile.pixels() || out.direct(s) < 0) {
                out.store(s, blocks, s * phases * m * W, m * W);
            }
        }
    }

    /// The window rows of one strip: row r begins at `rowAt[r]` of an image's prepared planes.
    private void pack(Tile tile, int strip, float[] prepared, int imageStep, int[] rowAt, int rows,
            float[] packed) {
        Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> KERNELS.gatherRows(prepared,
                image * imageStep + row * planes.columns() + x, rowAt, 0, rows, packed, column, W, n));
    }
}
