package wengert.tensor.cpu;

import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

/// Forward convolution and data gradient as in [Winograd]; what [WindowProduct] is for the direct way. A
/// pixel of a [Tile] is 2 × 2 outputs here. Per tile and slice of channels: make factors of the images,
/// packed into one strip per point; multiply, per point, all rows of weights with all strips, so that a
/// point's weights come from the second-level cache; at last turn sums into outputs.
final class WinogradProduct {
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = F32Kernels.BEST.columns();
    private static final int L = SUMS.lanes();
    /// Between points' strips and sums: powers of two would make them share their places in the cache.
    private static final int SPARE = 16;

    private final Winograd f;
    private final WinogradInput input;
    private final Pixels pixels;
    private final WinogradWeights weights;
    /// Outputs fall into as many phases.
    private final int phases;

    WinogradProduct(Winograd f, Pixels pixels, WinogradInput input, int phases, WinogradWeights weights) {
        this.f = f;
        this.pixels = pixels;
        this.input = input;
        this.phases = phases;
        this.weights = weights;
    }

    /// Computes one tile of rows `row` to `row + m` of the weights; arguments as in [WindowProduct#run].
    void run(Tile tile, int row, int m, float[] x, int xo, int imageStep, int planeStep, Bias bias,
            WinogradOutput out) {
        Scratch scratch = Scratch.mine();
        int products = f.products();
        int parts = weights.parts();
        int slice = weights.slice();
        int strips = WinogradInput.strips(pixels, tile);
        int block = WinogradWeights.whole(m) * W + SPARE;
        float[] factors = scratch.floats(1, strips * products * (slice * parts * W + SPARE));
        float[] sums = scratch.floats(2, strips * products * block);
        float[] outputs = scratch.floats(3, strips * phases * 4 * block);
        int[] points = WinogradInput.steps(products, block);
        int center = f.points() + 1;
        for (int phase = 0; phase < phases; phase++) {
            for (int c = 0; c < weights.channels(); c += slice) {
                int n = Math.min(slice, weights.channels() - c);
                int terms = n * parts;
                int pointStep = terms * W + SPARE;
                input.factors(tile, phase * parts, parts, phase == 0 || slice < weights.channels(), x,
                        xo + c * planeStep, imageStep, planeStep, n, factors, products * pointStep,
                        pointStep, W);
                for (int p = 0; p < products; p++) {
                    for (int s = 0; s < strips; s++) {
                        weights.multiply(phase * products + p, c, row, m, terms, factors,
                                (s * products + p) * pointStep, sums, (s * products + p) * block, c > 0);
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
