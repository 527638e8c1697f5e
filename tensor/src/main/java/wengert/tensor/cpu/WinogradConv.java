package wengert.tensor.cpu;

import wengert.tensor.cpu.F32Conv.Bias;
import wengert.tensor.cpu.Pixels.Tile;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel.
/// f32 convolution and its data gradient as [WinogradProduct]s. All arrays are contiguous. See [F32Conv] for
/// the direct way.
final class WinogradConv {
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
        WinogradWeights weights = WinogradWeights.of(f, window, f.parts(), taps, w, wo, z.k(), z.c() * window,
                z.c(), window);
        WinogradProduct product = new WinogradProduct(f, pixels, input(f, z, pixels), 1, weights);
        run(product, pixels, z.k(), x, xo, z.c(), z.h() * z.w(), bias, y, yo, z.p(), z.q(), 1);
    }

    /// Tap (r, s), counted r·S + s, that is the t-th of a part, a small window.
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
        WinogradWeights weights = WinogradWeights.of(f, window, 1, taps, w, wo, z.c(), window, z.k(),
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

    /// All tiles of pixels.
    ///
    /// @param plane  numbers of a plane of x (or dy)
    /// @param height rows of a plane of y (or dx)
    private static void run(WinogradProduct product, Pixels pixels, int rows, float[] x, int xo, int channels,
            int plane, Bias bias, float[] y, int yo, int height, int width, int stride) {
        int per = WinogradWeights.whole(F32Conv.rowsPerTask(rows, pixels.tiles()));
        int blocks = Math.ceilDiv(rows, per);
        Parallel.run(pixels.tiles() * blocks, t -> {
            Tile tile = pixels.tile(t / blocks);
            int row = t % blocks * per;
            int m = Math.min(per, rows - row);
            int to = yo + (tile.image() * rows + row) * height * width;
            product.run(tile, row, m, x, xo + tile.image() * channels * plane, channels * plane, plane,
                    bias.from(row), WinogradOutput.of(pixels, tile, m, y, to, rows, height, width, stride));
        });
    }
}
