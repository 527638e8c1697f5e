package wengert.tensor.cpu;

import wengert.tensor.cpu.Pixels.Tile;

/// The heart of forward convolution and data gradient:
///
/// `out[phase][m, pixel] = Σ_{c, tap of phase} weights[phase][m, (c, tap)] · planes[c][tap + pixel]`
///
/// is a matrix product whose right side, the matrix of all windows, is never stored. Per tile of pixels and
/// slice of channels: prepare the planes ([Planes]); for each phase and strip of pixels copy the window rows
/// (c, tap), contiguous stretches of the planes, into a packed strip; multiply all weight rows with it. The
/// strip is used out of the first-level cache. Sums stand in blocks of a strip's width, where no two rows
/// share their place in the cache, until the tile is finished. Slices add up in the order of the channels,
/// whatever the tiles.
final class WindowProduct {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final int W = KERNELS.columns();
    /// Window rows per slice, roughly.
    private static final int SLICE = 512;

    private final Planes planes;
    private final Weights weights;
    private final int[][] taps;
    /// Most taps of a phase.
    private final int most;

    /// The left sides: per phase a matrix `[rows, channels · taps]`, in slices of channels, one matrix
    /// `[rows, slice · taps]` behind the other. (Rows as long as the whole matrix is wide are often a power
    /// of two apart, and few such lines fit in a cache.)
    ///
    /// @param rows     rows of a matrix
    /// @param channels planes per image that are summed over
    /// @param slice    channels per slice, see [#slice]
    /// @param array    holds the matrices
    /// @param at       per phase, where the first group's matrix begins
    /// @param group    distance of groups
    record Weights(int rows, int channels, int slice, float[] array, int[] at, int group) {
    }

    /// @param taps per phase, where each tap begins in a prepared plane
    WindowProduct(Planes planes, int[][] taps, Weights weights) {
        this.planes = planes;
        this.taps = taps;
        this.weights = weights;
        this.most = most(taps);
    }

    private static int most(int[][] taps) {
        int most = 1;
        for (int[] t : taps) {
            most = Math.max(most, t.length);
        }
        return most;
    }

    /// Channels per slice, all slices about equal.
    static int slice(int channels, int taps) {
        int slices = Math.max(1, Math.min(channels, Math.ceilDiv(channels * Math.max(1, taps), SLICE)));
        return Math.ceilDiv(channels, slices);
    }

    /// Takes results.
    interface Output {
        /// The blocks of one strip: phase f's stands at `at + f·phaseStep`, rows W apart.
        void store(int strip, float[] block, int at, int phaseStep);
    }

    /// Computes one tile of rows `row` to `row + m` of group g's weights.
    ///
    /// @param x         the source images
    /// @param xo        first plane of the tile's first image
    /// @param imageStep distance of images
    /// @param planeStep distance of planes
    void run(Tile tile, int g, int row, int m, float[] x, int xo, int imageStep, int planeStep,
            Output out) {
        Scratch scratch = Scratch.mine();
        int phases = taps.length;
        int channels = weights.channels;
        int slice = weights.slice;
        int strips = (tile.pixels() + W - 1) / W;
        float[] prepared = scratch.floats(0, tile.count() * slice * planes.size());
        float[] packed = scratch.floats(1, slice * most * W);
        float[] blocks = scratch.floats(2, strips * phases * m * W);
        int[] rowAt = scratch.ints(0, slice * most);
        int piece = WINDOWS.piece(tile.width());
        int[] shifts = scratch.ints(1, strips * W);
        shifts(tile, slice * planes.size(), planes.columns(), piece, shifts);
        planes.clear(prepared, tile.count() * slice);
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
                int terms = n * tap.length;
                for (int j = 0, r = 0; j < n; j++) {
                    for (int t : tap) {
                        rowAt[r++] = j * planes.size() + t;
                    }
                }
                int from = weights.at[f] + g * weights.group + c * tap.length * weights.rows
                        + row * terms;
                for (int s = 0; s < strips; s++) {
                    pack(tile, s, prepared, 0, slice * planes.size(), planes.columns(), rowAt, terms, shifts,
                            piece, packed);
                    KERNELS.strip(m, terms, weights.array, from, terms, packed, 0, blocks,
                            (s * phases + f) * m * W, W, c > 0);
                }
            }
        }
        for (int s = 0; s < strips; s++) {
            out.store(s, blocks, s * phases * m * W, m * W);
        }
    }

    /// Where each piece of each strip begins, counted from the first image's planes.
    static void shifts(Tile tile, int imageStep, int columns, int piece, int[] to) {
        int size = tile.rows() * tile.width();
        for (int i = 0; piece > 1 && i < tile.pixels() / piece; i++) {
            int pixel = i * piece;
            int inImage = pixel % size;
            to[i] = pixel / size * imageStep + inImage / tile.width() * columns
                    + inImage % tile.width();
        }
    }

    /// The window rows of one strip: row r begins at `start + rowAt[r]` of the first image's prepared planes.
    ///
    /// @param imageStep distance of images
    /// @param columns   distance of rows of a plane
    static void pack(Tile tile, int strip, float[] prepared, int start, int imageStep, int columns,
            int[] rowAt, int rows, int[] shifts, int piece, float[] packed) {
        if (piece > 1) {
            int pieces = Math.min(W, tile.pixels() - strip * W) / piece;
            WINDOWS.gather(prepared, start, rowAt, rows, shifts, strip * (W / piece), pieces, piece, packed);
            return;
        }
        Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> KERNELS.gatherRows(prepared,
                start + image * imageStep + row * columns + x, rowAt, 0, rows, packed, column, W, n));
    }
}
