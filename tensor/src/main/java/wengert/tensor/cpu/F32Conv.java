package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.cpu.Pixels.Tile;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// f32 convolution and its data gradient as [WindowProduct]s. All arrays are contiguous.
final class F32Conv {
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final int W = F32Kernels.BEST.columns();

    private F32Conv() {
    }

    /// `y[n,k,p,q] = Σ_{c,r,s} w[k,(c,r,s)] · x[n, c, p·stride + r·dilation − pad, …]`: the weights are a
    /// matrix as they are, the planes are split by stride, one phase.
    static void forward(Window z, float[] x, int xo, float[] w, int wo, Bias bias, float[] y, int yo) {
        Pixels pixels = new Pixels(z.n(), z.p(), z.q(), 256);
        Planes planes = splitPlanes(z, pixels.mostRows());
        int[] taps = taps(z, planes);
        WindowProduct product = new WindowProduct(planes, new int[][] {taps}, weights(z, w, wo));
        int plane = z.h() * z.w();
        int rows = rowsPerTask(z.kg(), pixels.tiles() * z.groups());
        int blocks = (z.kg() + rows - 1) / rows;
        Parallel.run(pixels.tiles() * z.groups() * blocks, t -> {
            Tile tile = pixels.tile(t / blocks / z.groups());
            int g = t / blocks % z.groups();
            int k = g * z.kg() + t % blocks * rows;
            int m = Math.min(rows, (g + 1) * z.kg() - k);
            product.run(tile, g, k - g * z.kg(), m, x, xo + (tile.image() * z.c() + g * z.cg()) * plane,
                    z.c() * plane, plane,
                    new Dense(tile, m, bias.from(k), y,
                            yo + ((tile.image() * z.k() + k) * z.p() + tile.row()) * z.q(),
                            z.k() * z.p() * z.q(), z.p() * z.q()));
        });
    }

    /// Weights in slices; one slice is what they are anyway.
    private static WindowProduct.Weights weights(Window z, float[] w, int wo) {
        int taps = z.r() * z.s();
        int slice = WindowProduct.slice(z.cg(), taps);
        int group = z.kg() * z.cg() * taps;
        if (slice == z.cg()) {
            return new WindowProduct.Weights(z.kg(), z.cg(), slice, w, new int[] {wo}, group);
        }
        float[] sliced = Scratch.mine().floats(4, z.groups() * group);
        int terms = z.cg() * taps;
        int slices = Math.ceilDiv(z.cg(), slice);
        Parallel.run(z.groups() * slices, t -> {
            int g = t / slices;
            int c = t % slices * slice;
            int n = Math.min(slice, z.cg() - c) * taps;
            WINDOWS.block(w, wo + g * group + c * taps, terms, sliced, g * group + c * taps * z.kg(), n,
                    z.kg(), n);
        });
        return new WindowProduct.Weights(z.kg(), z.cg(), slice, sliced, new int[1], group);
    }

    /// The planes of x, split by stride, for windows of up to `rows` rows of output.
    static Planes splitPlanes(Window z, int rows) {
        int[] slots = new int[z.strideH() * z.strideW()];
        Arrays.fill(slots, -1);
        int used = 0;
        for (int r = 0; r < z.r(); r++) {
            for (int s = 0; s < z.s(); s++) {
                int part = r * z.dilationH() % z.strideH() * z.strideW() + s * z.dilationW() % z.strideW();
                slots[part] = slots[part] < 0 ? used++ : slots[part];
            }
        }
        return new Planes(z.h(), z.w(), z.strideH(), z.strideW(), z.padH(), z.padW(),
                rows + (z.r() - 1) * z.dilationH() / z.strideH(),
                z.q() + (z.s() - 1) * z.dilationW() / z.strideW(), slots);
    }

    /// Where the taps (r, s) of a window begin in a plane of [#splitPlanes].
    static int[] taps(Window z, Planes planes) {
        int[] taps = new int[z.r() * z.s()];
        for (int t = 0; t < taps.length; t++) {
            taps[t] = planes.tap(t / z.s() * z.dilationH(), t % z.s() * z.dilationW());
        }
        return taps;
    }

    /// With few tiles, weight rows are split too, which changes no bits; each part packs the windows again.
    static int rowsPerTask(int rows, int tiles) {
        int wanted = 2 * Parallel.threads();
        int parts = tiles >= wanted ? 1 : Math.max(1, Math.min(wanted / Math.max(1, tiles), rows / 32));
        return (rows + parts - 1) / parts;
    }

    /// What is added to each channel of the result.
    ///
    /// @param array holds the numbers, or null for none
    record Bias(float[] array, int at) {
        static Bias of(View bias) {
            if (bias == null) {
                return new Bias(null, 0);
            }
            View b = Copies.contiguous(bias);
            return new Bias(b.storage().f32(), b.offset());
        }

        /// That of channel k and those after it.
        Bias from(int k) {
            return new Bias(array, at + k);
        }

        /// That of channel k alone, 0 if there is none.
        float number(int k) {
            return array == null ? 0 : array[at + k];
        }

        /// Moves n finished columns of a block's m rows.
        void move(float[] block, int from, float[] to, int start, int step, int m, int n) {
            if (array == null) {
                WINDOWS.block(block, from, W, to, start, step, m, n);
            } else {
                WINDOWS.biased(block, from, W, to, start, step, m, n, array, at);
            }
        }
    }

    /// Output whose pixels are contiguous: image, row m, pixel.
    private record Dense(Tile tile, int m, Bias bias, float[] array, int at, int imageStep, int rowStep)
            implements WindowProduct.Output {
        @Override
        public void store(int strip, float[] block, int from, int phaseStep) {
            int size = tile.rows() * tile.width();
            int end = Math.min(strip * W + W, tile.pixels());
            int n;
            for (int pixel = strip * W; pixel < end; pixel += n) {
                n = Math.min(end - pixel, size - pixel % size);
                bias.move(block, from + pixel - strip * W, array,
                        at + pixel / size * imageStep + pixel % size, rowStep, m, n);
            }
        }
    }

    /// `dx[n,c,h,v] = Σ_{k,r,s} w[k,c,r,s] · dy[n,k,p,q]` where `h = p·stride − pad + r·dilation`. The pixels
    /// of dx fall into stride·stride phases by the remainder of (h, v); in a phase the same taps (r, s) meet
    /// every pixel, at constant distances (p − i, q − j) for h = i·stride + a, v = j·stride + b. So each
    /// phase is a window product over dy with its own part of the weights.
    static void dataGradient(Window z, float[] dy, int yo, float[] w, int wo, Bias bias, float[] dx,
            int xo) {
        Phases phases = new Phases(z);
        Pixels pixels = new Pixels(z.n(), phases.height(), phases.width(),
                Math.max(64, 512 / (z.strideH() * z.strideW())));
        Planes planes = new Planes(z.p(), z.q(), 1, 1, -phases.top(), -phases.left(),
                pixels.mostRows() + phases.down(), phases.width() + phases.right(), new int[1]);
        WindowProduct product = new WindowProduct(planes, phases.taps(planes), phases.regroup(w, wo));
        int plane = z.p() * z.q();
        int rows = rowsPerTask(z.cg(), pixels.tiles() * z.groups());
        int blocks = (z.cg() + rows - 1) / rows;
        Parallel.run(pixels.tiles() * z.groups() * blocks, t -> {
            Tile tile = pixels.tile(t / blocks / z.groups());
            int g = t / blocks % z.groups();
            int first = t % blocks * rows;
            int m = Math.min(rows, z.cg() - first);
            int c = g * z.cg() + first;
            int from = yo + (tile.image() * z.k() + g * z.kg()) * plane;
            int to = xo + (tile.image() * z.c() + c) * z.h() * z.w();
            WindowProduct.Output out = z.strideH() == 1 && z.strideW() == 1
                    ? new Dense(tile, m, bias.from(c), dx, to + tile.row() * z.w(), z.c() * z.h() * z.w(),
                            z.h() * z.w())
                    : new Woven(z, tile, m, bias.from(c), dx, to);
            product.run(tile, g, first, m, dy, from, z.k() * plane, plane, out);
        });
    }

    /// Output whose phases lie between each other.
    private record Woven(Window z, Tile tile, int m, Bias bias, float[] array, int at)
            implements WindowProduct.Output {
        @Override
        public void store(int strip, float[] block, int from, int phaseStep) {
            for (int f = 0; f < z.strideH() * z.strideW() && bias.array() != null; f++) {
                int phase = from + f * phaseStep;
                bias.move(block, phase, block, phase, W, m, W);
            }
            Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> {
                for (int a = 0; a < z.strideH(); a++) {
                    int h = (tile.row() + row) * z.strideH() + a;
                    if (h < z.h()) {
                        weave(block, from + a * z.strideW() * phaseStep + column, phaseStep,
                                at + (image * z.c() * z.h() + h) * z.w() + x * z.strideW(), n,
                                z.w() - x * z.strideW());
                    }
                }
            });
        }

        /// One row of all channels: the column phases of n pixels, as far as the row goes.
        private void weave(float[] block, int from, int phaseStep, int to, int n, int left) {
            int step = z.strideW();
            int plane = z.h() * z.w();
            if (step == 2 && 2 * n <= left) {
                WINDOWS.weave(block, from, from + phaseStep, W, array, to, plane, m, n);
                return;
            }
            for (int i = 0; i < m; i++) {
                for (int b = 0; b < step; b++) {
                    for (int j = 0; j < n && j * step + b < left; j++) {
                        array[to + i * plane + j * step + b] = block[from + b * phaseStep + i * W + j];
                    }
                }
            }
        }
    }
}
