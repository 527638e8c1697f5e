package wengert.tensor.cpu;

import java.util.Arrays;

/// Factors of a convolution's weights ([Winograd]): per phase of the output and point a matrix `[rows, parts
/// · channels]`, in slices of channels, one matrix `[rows, (part, channel of the slice)]` behind the other.
///
/// @param rows     output channels
/// @param channels that are summed over
/// @param parts    small windows per channel and phase
/// @param slice    channels per slice
record WinogradWeights(int rows, int channels, int parts, int slice, float[] array) {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    /// Terms per slice, roughly.
    private static final int SLICE = 512;
    /// Between matrices: powers of two would make them share their places in the cache.
    private static final int SPARE = 16;

    WinogradWeights(int rows, int channels, int parts, float[] array) {
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

    /// Factors of the weights.
    ///
    /// @param window   numbers of w per pair of channels
    /// @param parts    small windows per channel
    /// @param taps     per phase and part, its taps, counted r·S + s
    /// @param rows     output channels, `rowStep` apart
    /// @param channels input channels, `channelStep` apart
    static WinogradWeights of(Winograd f, int window, int parts, int[][] taps,
            float[] w, int wo, int rows, int rowStep, int channels, int channelStep) {
        int products = f.products();
        float[] to = Scratch.mine().floats(5,
                taps.length / parts * products * (parts * rows * channels + SPARE));
        WinogradWeights weights = new WinogradWeights(rows, channels, parts, to);
        int slice = weights.slice();
        int[][] from = new int[taps.length][];
        for (int i = 0; i < taps.length; i++) {
            from[i] = Arrays.stream(taps[i]).map(t -> t * W).toArray();
        }
        Parallel.run(rows, row -> {
            float[] turned = Scratch.mine().floats(6, window * W);
            float[] made = Scratch.mine().floats(7, products * W);
            int lanes = SUMS.lanes();
            for (int c = 0; c < channels; c += slice) {
                int n = Math.min(slice, channels - c);
                for (int j = 0; j < n; j += W) {
                    int count = Math.min(W, n - j);
                    KERNELS.transpose(w, wo + row * rowStep + (c + j) * channelStep, channelStep, turned, 0,
                            W, count, window);
                    for (int i = 0; i < taps.length; i++) {
                        int at = i / parts * products * weights.step() + weights.at(c, row)
                                + i % parts * n + j;
                        if (count == W) {
                            SUMS.weights(f.taps(), turned, 0, from[i], lanes, to, at, weights.step(), lanes,
                                    W / lanes);
                        } else {
                            SUMS.weights(f.taps(), turned, 0, from[i], lanes, made, 0, W, lanes, W / lanes);
                            WINDOWS.block(made, 0, W, to, at, weights.step(), products, count);
                        }
                    }
                }
            }
        });
        return weights;
    }
}
