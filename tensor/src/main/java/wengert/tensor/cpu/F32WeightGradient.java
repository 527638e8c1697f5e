package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.Pixels.Tile;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// `dw[k,(c,r,s)] = Σ_pixels dy[k, pixel] · x[c, tap + pixel]`, as the transposed product `dwᵀ[(c,tap), k] =
/// Σ_pixels windows[(c,tap), pixel] · dyᵀ[pixel, k]`: windows are copied row by row out of prepared planes,
/// and dy, the smaller side, is transposed. A task owns a block of input channels, so nobody adds to a number
/// of another; where channels are few, the pixels are cut into a fixed number of parts whose sums are added
/// in order. Pixels are taken in chunks, so that no copy of a whole batch is made.
final class F32WeightGradient {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final int W = KERNELS.columns();
    /// Pixels summed at a time, window rows per task, numbers of dyᵀ at a time, tasks there should be.
    private static final int PIXELS = 256;
    private static final int ROWS = 128;
    /// Window rows that are worth a task of their own; with fewer, the pixels are cut instead.
    private static final int LEAST = 48;
    private static final int CHUNK = 1 << 20;
    private static final int TASKS = 8;

    private final Window z;
    private final Pixels pixels;
    private final Planes planes;
    private final int[] taps;
    /// Strips of output channels of a group.
    private final int strips;
    /// Input channels per task, tasks per group, parts of the pixels.
    private final int block;
    private final int blocks;
    private final int parts;
    /// Pixel tiles per part: part i owns tiles i·share to (i + 1)·share.
    private final int share;
    /// Distance of the rows of dwᵀ, and numbers in one part of it.
    private final int ldw;
    private final int partSize;

    F32WeightGradient(Window z) {
        this.z = z;
        pixels = new Pixels(z.n(), z.p(), z.q(), PIXELS);
        planes = F32Conv.splitPlanes(z, pixels.mostRows());
        taps = F32Conv.taps(z, planes);
        strips = (z.kg() + W - 1) / W;
        int most = Math.max(1, ROWS / taps.length);
        int wanted = Math.max((z.cg() + most - 1) / most, Math.min(TASKS, z.cg() * taps.length / LEAST));
        wanted = Math.max(1, Math.min(wanted, z.cg()));
        block = (z.cg() + wanted - 1) / wanted;
        blocks = (z.cg() + block - 1) / block;
        int tasks = z.groups() * blocks;
        int wantedParts = Math.max(1, Math.min(tasks >= TASKS ? 1 : TASKS / tasks, pixels.tiles()));
        share = (pixels.tiles() + wantedParts - 1) / wantedParts;
        parts = (pixels.tiles() + share - 1) / share;
        ldw = strips * W + 16; // not a power of two: rows of a tile must not share their places in the cache
        partSize = z.groups() * z.cg() * taps.length * ldw;
    }

    void run(float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        Scratch scratch = Scratch.mine();
        float[] sums = scratch.floats(4, parts * partSize);
        int perTile = z.groups() * strips * W * pixels.mostImages() * pixels.mostRows() * z.q();
        int chunk = Math.max(1, Math.min(share, CHUNK / (parts * perTile)));
        float[] turned = scratch.floats(5, parts * chunk * perTile);
        for (int first = 0; first < share; first += chunk) {
            int start = first;
            int count = Math.min(chunk, share - first);
            Parallel.run(parts * count, t -> {
                int tile = t / count * share + start + t % count;
                if (tile < Math.min(pixels.tiles(), (t / count + 1) * share)) {
                    turn(pixels.tile(tile), dy, yo, turned, t * perTile);
                }
            });
            Parallel.run(parts * z.groups() * blocks, t -> {
                int part = t / (z.groups() * blocks);
                int g = t / blocks % z.groups();
                int c = t % blocks * block;
                for (int i = 0; i < count; i++) {
                    int tile = part * share + start + i;
                    if (tile < Math.min(pixels.tiles(), (part + 1) * share)) {
                        multiply(pixels.tile(tile), g, c, x, xo, turned, (part * count + i) * perTile, sums,
                                part * partSize, start + i > 0);
                    }
                }
            });
        }
        finish(sums, dw, wo);
    }

    /// dy's part of a tile as strips `[group][strip][pixel][W]`; channels that are not there become zeros.
    private void turn(Tile tile, float[] dy, int yo, float[] to, int at) {
        int size = tile.rows() * tile.width();
        int plane = z.p() * z.q();
        for (int s = 0; s < z.groups() * strips; s++) {
            int k = s / strips * z.kg() + s % strips * W;
            int n = Math.min(W, (s / strips + 1) * z.kg() - k);
            int strip = at + s * tile.pixels() * W;
            if (n < W) {
                Arrays.fill(to, strip, strip + tile.pixels() * W, 0f);
            }
            for (int i = 0; i < tile.count(); i++) {
                KERNELS.transpose(dy, yo + ((tile.image() + i) * z.k() + k) * plane + tile.row() * z.q(),
                        plane, to, strip + i * size * W, W, n, size);
            }
        }
    }

    private void multiply(Tile tile, int g, int c, float[] x, int xo, float[] turned, int at, float[] sums,
            int part, boolean add) {
        Scratch scratch = Scratch.mine();
        int n = Math.min(block, z.cg() - c);
        int rows = n * taps.length;
        int plane = z.h() * z.w();
        int count = tile.pixels();
        float[] prepared = scratch.floats(0, tile.count() * n * planes.size());
        int ld = count + 8; // see ldw
        float[] windows = scratch.floats(1, rows * ld);
        int[] rowAt = scratch.ints(0, rows);
        for (int j = 0, r = 0; j < n; j++) {
            for (int t : taps) {
                rowAt[r++] = j * planes.size() + t;
            }
        }
        planes.clear(prepared, tile.count() * n);
        for (int i = 0; i < tile.count(); i++) {
            int from = xo + ((tile.image() + i) * z.c() + g * z.cg() + c) * plane;
            for (int j = 0; j < n; j++) {
                planes.prepare(x, from + j * plane, tile.row(), prepared, (i * n + j) * planes.size());
            }
        }
        int size = tile.rows() * tile.width();
        if (size >= 64) {
            for (int i = 0; i < tile.count(); i++) {
                for (int r = 0; r < rows; r++) {
                    WINDOWS.block(prepared, i * n * planes.size() + rowAt[r], planes.columns(), windows,
                            r * ld + i * size, tile.width(), tile.rows(), tile.width());
                }
            }
        } else {
            Pixels.runs(tile, 0, count, (column, image, row, v, length) -> KERNELS.gatherRows(prepared,
                    image * n * planes.size() + row * planes.columns() + v, rowAt, 0, rows, windows, column,
                    ld, length));
        }
        int to = part + (g * z.cg() + c) * taps.length * ldw;
        for (int s = 0; s < strips; s++) {
            KERNELS.strip(rows, count, windows, 0, ld, turned, at + (g * strips + s) * count * W, sums,
                    to + s * W, ldw, add);
        }
    }

    /// Adds the parts in order and transposes to `[K, (c,tap)]`.
    private void finish(float[] sums, float[] dw, int wo) {
        int rows = z.cg() * taps.length;
        int piece = Math.max(1, Math.min(rows, 256));
        int pieces = (rows + piece - 1) / piece;
        Parallel.run(z.groups() * pieces, t -> {
            int g = t / pieces;
            int row = t % pieces * piece;
            int count = Math.min(piece, rows - row);
            int from = (g * rows + row) * ldw;
            for (int p = 1; p < parts; p++) {
                for (int i = 0; i < count * ldw; i++) {
                    sums[from + i] += sums[p * partSize + from + i];
                }
            }
            KERNELS.transpose(sums, from, ldw, dw, wo + g * z.kg() * rows + row, rows, count, z.kg());
        });
    }
}
