package wengert.tensor.cpu;

import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

/// Forward convolution and data gradient as in [Winograd]; what [WindowProduct] is for the direct way. A pixel of a
/// [Tile] is 2 × 2 outputs here. Per tile and slice of channels: prepare the planes; make factors of them, packed into
/// one strip per point; multiply, per point, all rows of weights with all strips, so that a point's weights come
/// from the second-level cache; at last turn sums into outputs.
final class WinogradProduct {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    /// Terms per slice, roughly.
    private static final int SLICE = Integer.getInteger("wslice", 512);

    private final Winograd f;
    private final Planes planes;
    private final int[][] windows;
    private final Weights weights;
    /// Outputs fall into as many phases.
    private final int phases;

    /// Factors of the weights: per phase and point a matrix `[rows, parts · channels]`, in slices of channels, one
    /// matrix `[rows, (part, channel of the slice)]` behind the other.
    ///
    /// @param rows     output channels
    /// @param channels that are summed over
    /// @param parts    small windows per channel and phase
    /// @param slice    channels per slice
    record Weights(int rows, int channels, int parts, int slice, float[] array) {
        Weights(int rows, int channels, int parts, float[] array) {
            this(rows, channels, parts, slice(channels, parts), array);
        }

        private static int slice(int channels, int parts) {
            return Math.ceilDiv(channels, Math.ceilDiv(channels * parts, SLICE));
        }

        /// Numbers of one matrix.
        int size() {
            return rows * channels * parts;
        }

        /// Where row `row` of the slice that begins with channel c stands in a matrix.
        int at(int c, int row) {
            return c * parts * rows + row * Math.min(slice, channels - c) * parts;
        }
    }

    /// @param windows per phase and part, where the points² numbers of x of a tile begin in a prepared plane
    WinogradProduct(Winograd f, Planes planes, int[][] windows, Weights weights) {
        this.f = f;
        this.planes = planes;
        this.windows = windows;
        this.weights = weights;
        this.phases = windows.length / weights.parts;
    }

    /// Takes results.
    interface Output {
        /// The outputs of one strip: (i, j) of the 2 × 2 of phase f stand at `((f·2 + i)·2 + j)·step`, channels W
        /// apart.
        void store(int strip, float[] block, int at, int step);
    }

    /// Computes one tile of rows `row` to `row + m` of the weights; arguments as in [WindowProduct#run].
    void run(Tile tile, int row, int m, float[] x, int xo, int imageStep, int planeStep, Bias bias, Output out) {
        Scratch scratch = Scratch.mine();
        int products = f.products();
        int slice = weights.slice;
        int strips = Math.ceilDiv(tile.pixels(), W);
        float[] prepared = scratch.floats(0, tile.count() * slice * planes.size());
        float[] factors = scratch.floats(1, strips * products * slice * weights.parts * W);
        float[] sums = scratch.floats(2, strips * products * m * W);
        float[] outputs = scratch.floats(3, strips * phases * 4 * m * W);
        int[] points = steps(products, m * W);
        int center = f.points() + 1;
        planes.clear(prepared, tile.count() * slice);
        for (int phase = 0; phase < phases; phase++) {
            for (int c = 0; c < weights.channels; c += slice) {
                int n = Math.min(slice, weights.channels - c);
                int terms = n * weights.parts;
                for (int i = 0; i < tile.count() && (phase == 0 || slice < weights.channels); i++) {
                    for (int j = 0; j < n; j++) {
                        planes.prepare(x, xo + i * imageStep + (c + j) * planeStep, tile.row(), prepared,
                                (i * slice + j) * planes.size());
                    }
                }
                factors(tile, phase, n, prepared, slice * planes.size(), factors);
                for (int p = 0; p < products; p++) {
                    int from = (phase * products + p) * weights.size() + weights.at(c, row);
                    for (int s = 0; s < strips; s++) {
                        KERNELS.strip(m, terms, weights.array, from, terms, factors, (s * products + p) * terms * W,
                                sums, (s * products + p) * m * W, W, c > 0);
                    }
                }
            }
            for (int s = 0; s < strips; s++) {
                int from = s * products * m * W;
                if (bias.array() != null) { // what is added to the sum of the middle point is added to each output
                    bias.move(sums, from + center * m * W, sums, from + center * m * W, W, m, W);
                }
                SUMS.output(f.points(), sums, from, points, outputs, (s * phases + phase) * 4 * m * W, m * W, m * W);
            }
        }
        for (int s = 0; s < strips; s++) {
            out.store(s, outputs, s * phases * 4 * m * W, m * W);
        }
    }

    /// 0, step, 2·step, …
    static int[] steps(int n, int step) {
        int[] steps = new int[n];
        for (int i = 0; i < n; i++) {
            steps[i] = i * step;
        }
        return steps;
    }

    /// The factors of n channels: strip, point, (part, channel), W.
    private void factors(Tile tile, int phase, int n, float[] prepared, int imageStep, float[] to) {
        int products = f.products();
        int parts = weights.parts;
        int terms = n * parts;
        int piece = WINDOWS.piece(tile.width());
        boolean direct = SUMS.suits(piece);
        int[] shifts = Scratch.mine().ints(0, Math.ceilDiv(tile.pixels(), W) * W);
        WindowProduct.shifts(tile, imageStep, planes.columns(), piece, shifts);
        int[] rowAt = new int[parts * products];
        for (int r = 0; r < rowAt.length; r++) {
            rowAt[r] = windows[phase * parts + r / products][r % products];
        }
        int[] rows = steps(products, W);
        float[] gathered = Scratch.mine().floats(4, parts * products * W);
        for (int s = 0; s * W < tile.pixels(); s++) {
            int pieces = Math.min(W, tile.pixels() - s * W) / piece;
            for (int j = 0; j < n; j++) {
                int plane = j * planes.size();
                if (!direct) {
                    WindowProduct.pack(tile, s, prepared, plane, imageStep, planes.columns(), rowAt, rowAt.length,
                            shifts, piece, gathered);
                }
                for (int b = 0; b < parts; b++) {
                    int at = (s * products * terms + b * n + j) * W;
                    if (direct) {
                        for (int i = 0; i < pieces; i++) {
                            SUMS.input(f.points(), prepared, plane + shifts[s * (W / piece) + i],
                                    windows[phase * parts + b], to, at + i * piece, terms * W, piece);
                        }
                    } else {
                        SUMS.input(f.points(), gathered, b * products * W, rows, to, at, terms * W, W);
                    }
                }
            }
        }
    }
}
