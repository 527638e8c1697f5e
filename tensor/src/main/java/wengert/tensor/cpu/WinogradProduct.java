package wengert.tensor.cpu;

import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

/// Forward convolution and data gradient as in [Winograd]; what [WindowProduct] is for the direct way. A
/// pixel of a [Tile] is 2 × 2 outputs here. Per tile and slice of channels: make factors of the images,
/// packed into one strip per point; multiply, per point, all rows of weights with all strips, so that a
/// point's weights come from the second-level cache; at last turn sums into outputs.
final class WinogradProduct {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int L = SUMS.lanes();
    /// Terms per slice, roughly.
    private static final int SLICE = 512;
    /// Between points' strips and sums: powers of two would make them share their places in the cache.
    private static final int SPARE = 16;

    private final Winograd f;
    private final WinogradInput input;
    private final Pixels pixels;
    private final Weights weights;
    /// Outputs fall into as many phases.
    private final int phases;

    /// Factors of the weights: per phase and point a matrix `[rows, parts · channels]`, in slices of
    /// channels, one matrix `[rows, (part, channel of the slice)]` behind the other.
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

        /// Distance of matrices.
        int step() {
            return rows * channels * parts + SPARE;
        }

        /// Where row `row` of the slice that begins with channel c stands in a matrix.
        int at(int c, int row) {
            return c * parts * rows + row * Math.min(slice, channels - c) * parts;
        }
    }

    WinogradProduct(Winograd f, Pixels pixels, WinogradInput input, int phases, Weights weights) {
        this.f = f;
        this.pixels = pixels;
        this.input = input;
        this.phases = phases;
        this.weights = weights;
    }

    /// Where results go, and how.
    interface Output {
        /// Distance of outputs (0, 0) and (1, 0) of a tile in the block that [#store] takes, counted in
        /// outputs.
        int down();

        /// Distance of outputs (0, 0) and (0, 1).
        int right();

        /// Where output (0, 0) of a strip stands.
        int at(int phase, int strip);

        /// All outputs of a tile of pixels, `step` apart; in each, channels W apart.
        void store(float[] block, int step);
    }

    /// Computes one tile of rows `row` to `row + m` of the weights; arguments as in [WindowProduct#run].
    void run(Tile tile, int row, int m, float[] x, int xo, int imageStep, int planeStep, Bias bias,
            Output out) {
        Scratch scratch = Scratch.mine();
        int products = f.products();
        int parts = weights.parts;
        int slice = weights.slice;
        int strips = WinogradInput.strips(pixels, tile);
        int block = m * W + SPARE;
        float[] factors = scratch.floats(1, strips * products * (slice * parts * W + SPARE));
        float[] sums = scratch.floats(2, strips * products * block);
        float[] outputs = scratch.floats(3, strips * phases * 4 * block);
        int[] points = WinogradInput.steps(products, block);
        int center = f.points() + 1;
        for (int phase = 0; phase < phases; phase++) {
            for (int c = 0; c < weights.channels; c += slice) {
                int n = Math.min(slice, weights.channels - c);
                int terms = n * parts;
                int pointStep = terms * W + SPARE;
                input.factors(tile, phase * parts, parts, phase == 0 || slice < weights.channels, x,
                        xo + c * planeStep, imageStep, planeStep, n, factors, products * pointStep,
                        pointStep, W);
                for (int p = 0; p < products; p++) {
                    int from = (phase * products + p) * weights.step() + weights.at(c, row);
                    for (int s = 0; s < strips; s++) {
                        KERNELS.strip(m, terms, weights.array, from, terms, factors,
                                (s * products + p) * pointStep,
                                sums, (s * products + p) * block, W, c > 0);
                    }
                }
            }
            for (int s = 0; s < strips; s++) {
                int from = s * products * block;
                // what is added to the sum of the middle point is added to each output
                if (bias.array() != null) {
                    bias.move(sums, from + center * block, sums, from + center * block, W, m, W);
                }
                SUMS.output(f.points(), sums, from, points, L, outputs, out.at(phase, s) * block,
                        out.down() * block, out.right() * block, L, m * W / L);
            }
        }
        out.store(outputs, block);
    }
}
