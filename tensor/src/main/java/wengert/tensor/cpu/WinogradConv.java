package wengert.tensor.cpu;

import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel.
/// f32 convolution and its data gradient as [WinogradProduct]s. All arrays are contiguous. See [F32Conv] for the direct
/// way.
final class WinogradConv {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int T = Winograd.TILE;
    /// Tiles of 2 × 2 outputs that a task should have at most.
    private static final int MOST = Integer.getInteger("wmost", 64);

    private WinogradConv() {
    }

    /// See [F32Conv#forward].
    static void forward(Window z, float[] x, int xo, float[] w, int wo, Bias bias, float[] y, int yo) {
        Winograd f = Winograd.of(z);
        Pixels pixels = new Pixels(z.n(), Math.ceilDiv(z.p(), T), Math.ceilDiv(z.q(), T), MOST);
        Planes planes = splitPlanes(z, pixels);
        int[][] taps = new int[f.parts()][f.taps() * f.taps()];
        for (int part = 0; part < taps.length; part++) {
            for (int t = 0; t < taps[part].length; t++) {
                taps[part][t] = (part / f.stride() + t / f.taps() * f.stride()) * z.s()
                        + part % f.stride() + t % f.taps() * f.stride();
            }
        }
        int plane = z.c() == 0 ? 0 : z.r() * z.s();
        WinogradProduct.Weights weights = weights(f, z, f.parts(), taps, w, wo, z.k(), z.c() * plane, z.c(), plane);
        WinogradProduct product = new WinogradProduct(f, planes, windows(f, planes), weights);
        run(product, pixels, z.k(), x, xo, z.c(), z.h() * z.w(), bias, y, yo, z.p(), z.q(), 1);
    }

    /// The planes of x, split into what begins at each row and column of a tile's input.
    static Planes splitPlanes(Window z, Pixels pixels) {
        int step = T * z.strideH();
        int more = ((Winograd.of(z).points() * z.strideH()) - 1) / step;
        return new Planes(z.h(), z.w(), step, step, z.padH(), z.padW(), pixels.mostRows() + more,
                pixels.width + more, WinogradProduct.steps(step * step, 1));
    }

    /// Per small window, where the points² numbers of x of a tile begin in a plane of [#splitPlanes].
    static int[][] windows(Winograd f, Planes planes) {
        int[][] windows = new int[f.parts()][f.products()];
        for (int part = 0; part < windows.length; part++) {
            for (int p = 0; p < f.products(); p++) {
                windows[part][p] = planes.tap(part / f.stride() + p / f.points() * f.stride(),
                        part % f.stride() + p % f.points() * f.stride());
            }
        }
        return windows;
    }

    /// See [F32Conv#dataGradient]: in each phase of dx, a window of taps × taps moves over dy by one.
    static void dataGradient(Window z, float[] dy, int yo, float[] w, int wo, Bias bias, float[] dx, int xo) {
        Winograd f = Winograd.of(z);
        int stride = f.stride();
        Pixels pixels = new Pixels(z.n(), Math.ceilDiv(Math.ceilDiv(z.h(), stride), T),
                Math.ceilDiv(Math.ceilDiv(z.w(), stride), T), MOST);
        int[] down = away(f, z.padH());
        int[] right = away(f, z.padW());
        int top = down[0];
        int left = right[0];
        int more = (1 + f.points() - 1) / T;
        Planes planes = new Planes(z.p(), z.q(), T, T, -top, -left, pixels.mostRows() + more, pixels.width + more,
                WinogradProduct.steps(T * T, 1));
        int[][] windows = new int[f.parts()][f.products()];
        int[][] taps = new int[f.parts()][f.taps() * f.taps()];
        for (int phase = 0; phase < windows.length; phase++) {
            int a = phase / stride;
            int b = phase % stride;
            for (int p = 0; p < f.products(); p++) {
                windows[phase][p] = planes.tap(down[a] - top + p / f.points(), right[b] - left + p % f.points());
            }
            for (int t = 0; t < taps[phase].length; t++) {
                taps[phase][t] = tap(f, a, z.padH(), t / f.taps()) * z.s() + tap(f, b, z.padW(), t % f.taps());
            }
        }
        int plane = z.r() * z.s();
        WinogradProduct.Weights weights = weights(f, z, 1, taps, w, wo, z.c(), plane, z.k(), z.c() * plane);
        WinogradProduct product = new WinogradProduct(f, planes, windows, weights);
        run(product, pixels, z.c(), dy, yo, z.k(), z.p() * z.q(), bias, dx, xo, z.h(), z.w(), stride);
    }

    /// Per phase, how far before (or behind) pixel i of it the window over dy begins; never decreasing.
    private static int[] away(Winograd f, int pad) {
        int[] away = new int[f.stride()];
        for (int a = 0; a < away.length; a++) {
            away[a] = Math.floorDiv(a + pad, f.stride()) - f.taps() + 1;
        }
        return away;
    }

    /// The i-th row (or column) of the weights that a window over dy meets in phase a, backwards.
    private static int tap(Winograd f, int a, int pad, int i) {
        return (a + pad) % f.stride() + f.stride() * (f.taps() - 1 - i);
    }

    /// Factors of the weights.
    ///
    /// @param parts       small windows per channel
    /// @param taps        per phase and part, its taps, counted r·S + s
    /// @param rows        output channels, `rowStep` apart
    /// @param channels    input channels, `channelStep` apart
    private static WinogradProduct.Weights weights(Winograd f, Window z, int parts, int[][] taps, float[] w, int wo,
            int rows, int rowStep, int channels, int channelStep) {
        int products = f.products();
        int phases = taps.length / parts;
        float[] to = Scratch.mine().floats(5, phases * products * parts * rows * channels);
        WinogradProduct.Weights weights = new WinogradProduct.Weights(rows, channels, parts, to);
        int slice = weights.slice();
        int all = z.r() * z.s();
        int[][] from = new int[taps.length][];
        for (int i = 0; i < taps.length; i++) {
            from[i] = java.util.Arrays.stream(taps[i]).map(t -> t * W).toArray();
        }
        Parallel.run(rows, row -> {
            float[] turned = Scratch.mine().floats(6, all * W);
            float[] made = Scratch.mine().floats(7, products * W);
            for (int c = 0; c < channels; c += slice) {
                int n = Math.min(slice, channels - c);
                for (int j = 0; j < n; j += W) {
                    int count = Math.min(W, n - j);
                    KERNELS.transpose(w, wo + row * rowStep + (c + j) * channelStep, channelStep, turned, 0, W,
                            count, all);
                    for (int i = 0; i < taps.length; i++) {
                        SUMS.weights(f.taps(), turned, 0, from[i], made, 0, W, W);
                        int at = i / parts * products * weights.size() + weights.at(c, row) + i % parts * n + j;
                        WINDOWS.block(made, 0, W, to, at, weights.size(), products, count);
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
                    bias.from(row), stride == 1 ? new Dense(tile, m, y, to, rows, height, width)
                            : new Woven(tile, m, y, to, rows, height, width));
        });
    }

    /// Output in one phase: (i, j) of tile (t, u) is pixel (2t + i, 2u + j).
    private record Dense(Tile tile, int m, float[] array, int at, int channels, int height, int width)
            implements WinogradProduct.Output {
        @Override
        public void store(int strip, float[] block, int from, int step) {
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
        public void store(int strip, float[] block, int from, int step) {
            // the rows of each phase first: [phase][i][m][2W]
            float[] rows = Scratch.mine().floats(4, 16 * m * W);
            for (int r = 0; r < 8; r++) {
                WINDOWS.weave(block, from + 2 * r * step, from + (2 * r + 1) * step, W, rows, r * 2 * m * W, 2 * W,
                        m, W);
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
