package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.Pixels.Tile;

// N batch, C input channels, K output channels, P Q output, R S kernel.
/// The weight gradient as in [Winograd], with 2 × 2 numbers of dy as the window that moves over x: per point,
/// `sums[(part, c), k] = Σ_tiles factors of x [(part, c), tile] · factors of dy [tile, k]`, and at last dw
/// from the sums. A task owns a block of input channels and goes through all tiles, so nobody adds to a
/// number of another. (Eight channels or more make five tasks or more, so tiles need not be cut into parts as
/// in [F32WeightGradient].) Tiles are taken in chunks, so that no copy of a whole batch is made.
final class WinogradWeightGradient {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Winograd SUMS = F32Winograd.BEST;
    private static final int W = KERNELS.columns();
    private static final int L = SUMS.lanes();
    private static final int T = Winograd.TILE;
    /// Tiles summed at a time, factors of dy at a time, tasks there should be.
    private static final int MOST = 256;
    private static final int CHUNK = 1 << 21;
    private static final int TASKS = 8;
    /// Rows of a product per task.
    private static final int ROWS = 64;
    /// Between rows and points: powers of two would make them share their places in the cache.
    private static final int SPARE = 16;

    private final Window z;
    private final Winograd f;
    private final Pixels pixels;
    private final WinogradInput input;
    private final Planes planes;
    private final int products;
    /// Strips of output channels.
    private final int strips;
    /// Input channels per task, and tasks.
    private final int block;
    private final int blocks;
    /// Distance of rows of sums, numbers of a point's matrix, and of a task.
    private final int ldw;
    private final int matrix;
    private final int taskSize;

    WinogradWeightGradient(Window z) {
        this.z = z;
        f = Winograd.of(z);
        products = f.products();
        pixels = WinogradInput.pixels(z.n(), Math.ceilDiv(z.p(), T), Math.ceilDiv(z.q(), T), MOST);
        input = WinogradConv.input(f, z, pixels);
        planes = new Planes(z.p(), z.q(), T, T, 0, 0, pixels.mostRows(), pixels.width,
                WinogradInput.steps(T * T, 1));
        strips = Math.ceilDiv(z.k(), W);
        block = Math.min(ROWS / f.parts(), Math.ceilDiv(z.c(), TASKS));
        blocks = Math.ceilDiv(z.c(), block);
        ldw = strips * W + SPARE;
        matrix = block * f.parts() * ldw + SPARE;
        taskSize = products * matrix;
    }

    void run(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        Scratch scratch = Scratch.mine();
        float[] sums = scratch.floats(5, blocks * taskSize);
        int perTile = products * (strips * W * pixels.mostImages() * pixels.mostRows() * pixels.width
                + SPARE);
        int chunk = Math.max(1, Math.min(pixels.tiles(), CHUNK / perTile));
        float[] turned = scratch.floats(6, chunk * perTile);
        for (int first = 0; first < pixels.tiles(); first += chunk) {
            int start = first;
            int count = Math.min(chunk, pixels.tiles() - first);
            Parallel.run(count * strips, t -> turn(pixels.tile(start + t / strips), t % strips, dy, yo,
                    turned, t / strips * perTile));
            Parallel.run(blocks, t -> {
                for (int i = 0; i < count; i++) {
                    multiply(pixels.tile(start + i), t * block, x, xo, turned, i * perTile, sums,
                            t * taskSize, start + i > 0);
                }
            });
        }
        finish(sums, dw, wo);
    }

    /// Numbers of a tile's rows: with lanes, those of missing images are zeros.
    private int count(Tile tile) {
        return pixels.lanes ? WinogradInput.strips(pixels, tile) * W : tile.pixels();
    }

    /// Distance of points in a tile's factors of dy.
    private int pointStep(Tile tile) {
        return strips * W * count(tile) + SPARE;
    }

    /// Factors of dy in a tile as strips `[point][strip][tile][W]`; channels that are not there become zeros.
    private void turn(Tile tile, int s, float[] dy, int yo, float[] to, int at) {
        Scratch scratch = Scratch.mine();
        int n = Math.min(W, z.k() - s * W);
        int plane = z.p() * z.q();
        int size = planes.size();
        int count = count(tile);
        float[] prepared = scratch.floats(0, W * size);
        float[] rows = scratch.floats(1, T * T * count * W);
        if (n < W || tile.pixels() < count) {
            Arrays.fill(rows, 0, T * T * count * W, 0f);
        }
        planes.clear(prepared, n);
        int inImage = tile.rows() * tile.width();
        for (int i = 0; i < tile.count(); i++) {
            for (int k = 0; k < n; k++) {
                planes.prepare(dy, yo + ((tile.image() + i) * z.k() + s * W + k) * plane, tile.row(),
                        prepared, k * size);
            }
            for (int q = 0; q < T * T; q++) {
                KERNELS.transpose(prepared, q * size / (T * T), size, rows,
                        (q * count + (pixels.lanes ? i : i * inImage)) * W, pixels.lanes ? W * W : W, n,
                        inImage);
            }
        }
        SUMS.gradient(f.points(), rows, 0, WinogradInput.steps(T * T, count * W), L, to, at + s * count * W,
                pointStep(tile), L, count * W / L);
    }

    private void multiply(Tile tile, int c, float[] x, int xo, float[] turned, int at, float[] sums, int task,
            boolean add) {
        int n = Math.min(block, z.c() - c);
        int rows = n * f.parts();
        int plane = z.h() * z.w();
        int count = count(tile);
        int ld = Math.ceilDiv(count, W) * W + SPARE;
        int step = rows * ld + SPARE;
        float[] factors = Scratch.mine().floats(1, products * step);
        input.factors(tile, 0, f.parts(), true, x, xo + (tile.image() * z.c() + c) * plane, z.c() * plane,
                plane, n, factors, W, step, ld);
        for (int p = 0; p < products; p++) {
            for (int s = 0; s < strips; s++) {
                KERNELS.strip(rows, count, factors, p * step, ld, turned,
                        at + p * pointStep(tile) + s * count * W, sums, task + p * matrix + s * W, ldw, add);
            }
        }
    }

    /// Makes weights of the sums and transposes them to `[K, (c,r,s)]`.
    private void finish(float[] sums, float[] dw, int wo) {
        int window = z.r() * z.s();
        int[] points = WinogradInput.steps(products, matrix);
        int small = f.taps() * f.taps();
        Parallel.run(blocks, t -> {
            int from = t * taskSize;
            float[] made = Scratch.mine().floats(0, small * ldw);
            float[] taps = Scratch.mine().floats(1, window * ldw);
            int n = Math.min(block, z.c() - t * block);
            for (int j = 0; j < n; j++) {
                for (int b = 0; b < f.parts(); b++) {
                    SUMS.taps(f.points(), sums, from + (b * n + j) * ldw, points, L, made, 0, ldw, L,
                            strips * W / L);
                    for (int i = 0; i < small; i++) {
                        System.arraycopy(made, i * ldw, taps, WinogradConv.tap(f, z, b, i) * ldw, strips * W);
                    }
                }
                KERNELS.transpose(taps, 0, ldw, dw, wo + (t * block + j) * window, z.c() * window, window,
                        z.k());
            }
        });
    }
}
