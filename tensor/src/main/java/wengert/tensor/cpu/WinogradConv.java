package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel.
/// f32 convolution and its data gradient as [WinogradProduct]s. All arrays are contiguous. See [F32Conv] for
/// the direct way.
final class WinogradConv {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int T = Winograd.TILE;
    /// Tiles of 2 × 2 outputs that a task should have at most.
    private static final int MOST = 64;

    private WinogradConv() {
    }

    /// See [F32Conv#forward].
    static void forward(Window z, float[] x, int xo, float[] w, int wo, Bias bias, float[] y, int yo) {
        Winograd f = Winograd.of(z);
        Pixels pixels = WinogradInput.pixels(z.n(), Math.ceilDiv(z.p(), T), Math.ceilDiv(z.q(), T), MOST);
        int[][] taps = new int[f.parts()][f.taps() * f.taps()];
        for (int part = 0; part < taps.length; part++) {
            for (int t = 0; t < taps[part].length; t++) {
                taps[part][t] = tap(f, z, part, t);
            }
        }
        int window = z.r() * z.s();
        WinogradProduct.Weights weights = weights(f, window, f.parts(), taps, w, wo, z.k(), z.c() * window,
                z.c(), window);
        WinogradProduct product = new WinogradProduct(f, pixels, input(f, z, pixels), 1, weights);
        run(product, pixels, z.k(), x, xo, z.c(), z.h() * z.w(), bias, y, yo, z.p(), z.q(), 1);
    }

    /// Tap (r, s), counted r·S + s, that is the t-th of a part, the window that begins in row a and column b.
    static int tap(Winograd f, Window z, int part, int t) {
        int r = part / f.stride() + t / f.taps() * f.stride();
        return r * z.s() + part % f.stride() + t % f.taps() * f.stride();
    }

    /// x, as forward convolution and weight gradient read it.
    static WinogradInput input(Winograd f, Window z, Pixels pixels) {
        int[][] down = new int[f.parts()][f.points()];
        int[][] right = new int[f.parts()][f.points()];
        for (int part = 0; part < f.parts(); part++) {
            for (int i = 0; i < f.points(); i++) {
                down[part][i] = part / f.stride() + i * f.stride();
                right[part][i] = part % f.stride() + i * f.stride();
            }
        }
        return new WinogradInput(f, pixels, z.h(), z.w(), T * f.stride(), z.padH(), z.padW(), down, right);
    }

    /// See [F32Conv#dataGradient]: in each phase of dx, a window of taps × taps moves over dy by one.
    static void dataGradient(Window z, float[] dy, int yo, float[] w, int wo, Bias bias, float[] dx, int xo) {
        Winograd f = Winograd.of(z);
        int stride = f.stride();
        Pixels pixels = WinogradInput.pixels(z.n(), Math.ceilDiv(Math.ceilDiv(z.h(), stride), T),
                Math.ceilDiv(Math.ceilDiv(z.w(), stride), T), MOST);
        int top = away(f, 0, z.padH());
        int left = away(f, 0, z.padW());
        int[][] down = new int[f.parts()][f.points()];
        int[][] right = new int[f.parts()][f.points()];
        int[][] taps = new int[f.parts()][f.taps() * f.taps()];
        for (int phase = 0; phase < taps.length; phase++) {
            int a = phase / stride;
            int b = phase % stride;
            for (int i = 0; i < f.points(); i++) {
                down[phase][i] = away(f, a, z.padH()) - top + i;
                right[phase][i] = away(f, b, z.padW()) - left + i;
            }
            for (int t = 0; t < taps[phase].length; t++) {
                taps[phase][t] = turned(f, a, z.padH(), t / f.taps()) * z.s() + turned(f, b, z.padW(),
                        t % f.taps());
            }
        }
        int window = z.r() * z.s();
        WinogradProduct.Weights weights = weights(f, window, 1, taps, w, wo, z.c(), window, z.k(),
                z.c() * window);
        WinogradInput input = new WinogradInput(f, pixels, z.p(), z.q(), T, -top, -left, down, right);
        WinogradProduct product = new WinogradProduct(f, pixels, input, f.parts(), weights);
        run(product, pixels, z.c(), dy, yo, z.k(), z.p() * z.q(), bias, dx, xo, z.h(), z.w(), stride);
    }

    /// Where, from pixel i of phase a of dx, the window over dy begins: `p − i`. Least in phase 0.
    private static int away(Winograd f, int a, int pad) {
        return Math.floorDiv(a + pad, f.stride()) - f.taps() + 1;
    }

    /// The i-th row (or column) of the weights that a window over dy meets in phase a: from the last to the
    /// first.
    private static int turned(Winograd f, int a, int pad, int i) {
        return (a + pad) % f.stride() + f.stride() * (f.taps() - 1 - i);
    }

    /// Factors of the weights.
    ///
    /// @param window   numbers of w per pair of channels
    /// @param parts    small windows per channel
    /// @param taps     per phase and part, its taps, counted r·S + s
    /// @param rows     output channels, `rowStep` apart
    /// @param channels input channels, `channelStep` apart
    private static WinogradProduct.Weights weights(Winograd f, int window, int parts, int[][] taps,
            float[] w, int wo, int rows, int rowStep, int channels, int channelStep) {
        int products = f.products();
        float[] to = Scratch.mine().floats(5,
                taps.length / parts * products * (parts * rows * channels + 64));
        WinogradProduct.Weights weights = new WinogradProduct.Weights(rows, channels, parts, to);
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
                            W,
                            count, window);
                    for (int i = 0; i < taps.length; i++) {
                        int at = i / parts * products * weights.step() + weights.at(c,
                                row) + i % parts * n + j;
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

    /// @param source planes of x (or dy), `height · width` their size
    private static void run(WinogradProduct product, Pixels pixels, int rows, float[] x, int xo, int channels,
            int plane, Bias bias, float[] y, int yo, int height, int width, int stride) {
        int per = F32Conv.rowsPerTask(rows, pixels.tiles());
        int blocks = Math.ceilDiv(rows, per);
        Parallel.run(pixels.tiles() * blocks, t -> {
            Tile tile = pixels.tile(t / blocks);
            int row = t % blocks * per;
            int m = Math.min(per, rows - row);
            int to = yo + (tile.image() * rows + row) * height * width;
            product.run(tile, row, m, x, xo + tile.image() * channels * plane, channels * plane, plane,
                    bias.from(row), pixels.lanes ? new Turned(tile, m, y, to, rows, height, width, stride)
                            : stride == 1 ? new Dense(tile, m, y, to, rows, height, width)
                            : new Woven(tile, m, y, to, rows, height, width));
        });
    }

    /// Output with one pixel of many images in a strip: all pixels of the tile in their order, transposed at
    /// last.
    private record Turned(Tile tile, int m, float[] array, int to, int channels, int height, int width,
            int stride)
            implements WinogradProduct.Output {
        /// Pixels of a row, with those beyond the plane.
        private int wide() {
            return tile.width() * T * stride;
        }

        @Override
        public int down() {
            return stride * wide();
        }

        @Override
        public int right() {
            return stride;
        }

        @Override
        public int at(int phase, int strip) {
            int h = strip / tile.width() * T * stride + phase / stride;
            return h * wide() + strip % tile.width() * T * stride + phase % stride;
        }

        @Override
        public void store(float[] block, int step) {
            int plane = height * width;
            int top = tile.row() * T * stride;
            int rows = Math.min(height - top, tile.rows() * T * stride);
            boolean whole = wide() == width;
            for (int k = 0; k < m; k++) {
                int start = to + k * plane;
                for (int h = 0; h < rows; h += whole ? rows : 1) {
                    KERNELS.transpose(block, h * wide() * step + k * W, step, array,
                            start + (top + h) * width,
                            channels * plane, whole ? rows * width : width, tile.count());
                }
            }
        }
    }

    /// Output in one phase: (i, j) of tile (t, u) is pixel (2t + i, 2u + j).
    private record Dense(Tile tile, int m, float[] array, int at, int channels, int height, int width)
            implements WinogradProduct.Output {
        @Override
        public int down() {
            return 2;
        }

        @Override
        public int right() {
            return 1;
        }

        @Override
        public int at(int phase, int strip) {
            return 4 * strip;
        }

        @Override
        public void store(float[] block, int step) {
            for (int s = 0; s * W < tile.pixels(); s++) {
                store(s, block, at(0, s) * step, step);
            }
        }

        private void store(int strip, float[] block, int from, int step) {
            int plane = height * width;
            Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> {
                int v = x * T;
                int pairs = Math.min(n, (width - v) / T);
                for (int i = 0; i < T; i++) {
                    int h = (tile.row() + row) * T + i;
                    if (h < height) {
                        int even = from + T * i * step + column;
                        int to = at + image * channels * plane + h * width + v;
                        WINDOWS.weave(block, even, even + step, W, array, to, plane, m, pairs);
                        if (pairs < n) {
                            WINDOWS.block(block, even + pairs, W, array, to + T * pairs, plane, m, 1);
                        }
                    }
                }
            });
        }
    }

    /// Output in 2 × 2 phases: (i, j) of tile (t, u) in phase (a, b) is pixel (4t + 2i + a, 4u + 2j + b).
    private record Woven(Tile tile, int m, float[] array, int at, int channels, int height, int width)
            implements WinogradProduct.Output {
        @Override
        public int down() {
            return 2;
        }

        @Override
        public int right() {
            return 1;
        }

        @Override
        public int at(int phase, int strip) {
            return 16 * strip + 4 * phase;
        }

        @Override
        public void store(float[] block, int step) {
            for (int s = 0; s * W < tile.pixels(); s++) {
                store(s, block, at(0, s) * step, step);
            }
        }

        private void store(int strip, float[] block, int from, int step) {
            // the rows of each phase first: [phase][i][m][2W]
            float[] rows = Scratch.mine().floats(4, 16 * m * W);
            for (int r = 0; r < 8; r++) {
                WINDOWS.weave(block, from + 2 * r * step, from + (2 * r + 1) * step, W, rows, r * 2 * m * W,
                        2 * W, m, W);
            }
            int plane = height * width;
            Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> {
                int v = x * 4;
                int pairs = Math.min(2 * n, (width - v) / 2);
                for (int r = 0; r < 4; r++) {
                    int h = (tile.row() + row) * 4 + r;
                    if (h < height) {
                        int a = r % 2;
                        int i = r / 2;
                        int even = (4 * a + i) * 2 * m * W + 2 * column;
                        int to = at + image * channels * plane + h * width + v;
                        WINDOWS.weave(rows, even, even + 4 * m * W, 2 * W, array, to, plane, m, pairs);
                        if (pairs < 2 * n && 2 * pairs < width - v) {
                            WINDOWS.block(rows, even + pairs, 2 * W, array, to + 2 * pairs, plane, m, 1);
                        }
                    }
                }
            });
        }
    }
}
