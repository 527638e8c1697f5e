package wengert.tensor.cpu;

import java.util.Arrays;

/// Factors of a convolution's weights ([Winograd]): per phase of the output and point a matrix
/// `[rows, parts · channels]`, in slices of channels, one matrix `[rows, (part, channel of the slice)]`
/// behind the other; its rows one after the other, or in panels of [#PANEL].
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
    private static final int L = SUMS.lanes();
    /// Terms per slice, roughly.
    private static final int SLICE = 512;
    /// Between matrices: powers of two would make them share their places in the cache.
    private static final int SPARE = 16;

    /// Rows of a panel, or 0: see [F32Kernels#panels].
    static final int PANEL = L == F32Kernels.PANEL_STEP ? KERNELS.panelRows() : 0;

    WinogradWeights(int rows, int channels, int parts, float[] array) {
        this(rows, channels, parts, slice(channels, parts), array);
    }

    private static int slice(int channels, int parts) {
        return Math.ceilDiv(channels, Math.ceilDiv(channels * parts, SLICE));
    }

    /// Distance of matrices.
    int step() {
        return step(rows, channels, parts);
    }

    private static int step(int rows, int channels, int parts) {
        if (PANEL == 0) {
            return rows * channels * parts + SPARE;
        }
        int slices = Math.ceilDiv(channels, slice(channels, parts));
        return Math.ceilDiv(rows, PANEL) * (channels * parts * L + slices * SPARE) + SPARE;
    }

    /// Where row `row`, the first of a panel if there are panels, of the slice that begins with channel c
    /// stands in a matrix.
    int at(int c, int row) {
        int terms = Math.min(slice, channels - c) * parts;
        if (PANEL == 0) {
            return c * parts * rows + row * terms;
        }
        int before = Math.ceilDiv(rows, PANEL) * (c * parts * L + c / slice * SPARE);
        return before + row / PANEL * panelStep(terms);
    }

    /// Distance of panels.
    static int panelStep(int terms) {
        return terms * L + SPARE;
    }

    /// Rows that m rows become: whole panels.
    static int whole(int m) {
        return PANEL == 0 ? m : Math.ceilDiv(m, PANEL) * PANEL;
    }

    /// A strip of sums: rows `row` to `row + m` of matrix `index`, in the slice that begins with channel c.
    void multiply(int index, int c, int row, int m, int terms, float[] b, int bo, float[] sums, int so,
            boolean add) {
        int from = index * step() + at(c, row);
        if (PANEL == 0) {
            KERNELS.strip(m, terms, array, from, terms, b, bo, sums, so, W, add);
        } else {
            KERNELS.panels(Math.ceilDiv(m, PANEL), terms, array, from, panelStep(terms), b, bo, sums, so, W,
                    add);
        }
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
        float[] to = Scratch.mine().floats(5, taps.length / parts * products * step(rows, channels, parts));
        WinogradWeights weights = new WinogradWeights(rows, channels, parts, to);
        int some = PANEL == 0 ? 1 : PANEL;
        Parallel.run(Math.ceilDiv(rows, some), t -> {
            if (PANEL == 0) {
                weights.row(f, window, taps, w, wo + t * rowStep, t, channelStep);
            } else {
                weights.panel(f, window, taps, w, wo + t * PANEL * rowStep, t * PANEL, rowStep, channelStep);
            }
        });
        return weights;
    }

    private static int[] scaled(int[] taps, int by) {
        return Arrays.stream(taps).map(t -> t * by).toArray();
    }

    /// One row, its channels side by side.
    private void row(Winograd f, int window, int[][] taps, float[] w, int wo, int row, int channelStep) {
        float[] turned = Scratch.mine().floats(6, window * W);
        float[] made = Scratch.mine().floats(7, f.products() * W);
        for (int c = 0; c < channels; c += slice) {
            int n = Math.min(slice, channels - c);
            for (int j = 0; j < n; j += W) {
                int count = Math.min(W, n - j);
                KERNELS.transpose(w, wo + (c + j) * channelStep, channelStep, turned, 0, W, count, window);
                for (int i = 0; i < taps.length; i++) {
                    SUMS.weights(f.taps(), turned, 0, scaled(taps[i], W), L, made, 0, W, L, W / L);
                    WINDOWS.block(made, 0, W, array, i / parts * f.products() * step() + at(c, row)
                            + i % parts * n + j, step(), f.products(), count);
                }
            }
        }
    }

    /// The rows of a panel, side by side; those that are not there become zeros.
    private void panel(Winograd f, int window, int[][] taps, float[] w, int wo, int row, int rowStep,
            int channelStep) {
        int block = 8;
        float[] turned = Scratch.mine().floats(6, block * window * L);
        Arrays.fill(turned, 0, block * window * L, 0f);
        int[][] from = new int[taps.length][];
        for (int i = 0; i < taps.length; i++) {
            from[i] = scaled(taps[i], L);
        }
        for (int c = 0; c < channels; c += slice) {
            int n = Math.min(slice, channels - c);
            for (int j = 0; j < n; j += block) {
                int count = Math.min(block, n - j);
                for (int q = 0; q < count; q++) {
                    KERNELS.transpose(w, wo + (c + j + q) * channelStep, rowStep, turned, q * window * L, L,
                            Math.min(L, rows - row), window);
                }
                for (int i = 0; i < taps.length; i++) {
                    int at = i / parts * f.products() * step() + at(c, row) + (i % parts * n + j) * L;
                    SUMS.weights(f.taps(), turned, 0, from[i], window * L, array, at, step(), L, count);
                }
            }
        }
    }
}
