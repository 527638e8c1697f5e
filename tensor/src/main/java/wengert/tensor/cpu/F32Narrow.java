package wengert.tensor.cpu;

import java.util.Arrays;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// Data gradients towards few channels, the pixels' side of a network (and, by symmetry, unit-stride
/// convolutions to few channels). A window product would copy all windows for a handful of rows; instead
/// `z[(c,r,s), (p,q)] = Σ_k w[k,(c,r,s)] · dy[k,(p,q)]`, one product on dy as it is, whose C/G·R·S rows fill
/// the register tile, and then each pixel of dx collects the numbers that belong to it:
/// `dx[c,h,v] = Σ_{r,s} z[(c,r,s), (p,q)]` with `p·stride − pad + r·dilation = h`.
///
/// A tile is a band of rows of one image of dx; what it needs of z is computed for it alone.
final class F32Narrow {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final F32Windows WINDOWS = F32Windows.BEST;
    private static final int W = KERNELS.columns();
    /// Terms of a slice, and numbers of z in a tile.
    private static final int SLICE = 512;
    private static final int TILE = 1 << 17;

    private final Window z;
    /// Rows of z per group, taps per channel.
    private final int m;
    private final int taps;
    /// Rows of dx per tile.
    private final int band;
    private final int bands;

    private F32Narrow(Window z) {
        this.z = z;
        taps = z.r() * z.s();
        m = z.cg() * taps;
        int most = Math.max(1, TILE / Math.max(1, m * z.q())) * z.strideH();
        int wanted = Math.max((z.h() + most - 1) / most, Math.min(8 / Math.max(1, z.n() * z.groups()),
                z.h() / 8));
        int parts = Math.max(1, wanted);
        band = (z.h() + parts - 1) / parts;
        bands = (z.h() + band - 1) / band;
    }

    /// True if this is the better plan for a data gradient.
    static boolean suitsGradient(Window z) {
        return z.cg() <= 4 && z.kg() >= 8;
    }

    /// True if this is the better plan for a forward convolution and its weight gradient.
    static boolean suitsForward(Window z) {
        return z.kg() <= 4 && z.cg() >= 8 && z.groups() == 1 && z.strideH() == 1 && z.strideW() == 1
                && z.padH() <= z.dilationH() * (z.r() - 1) && z.padW() <= z.dilationW() * (z.s() - 1);
    }

    static void dataGradient(Window z, float[] dy, int yo, float[] w, int wo, float[] dx, int xo) {
        F32Narrow plan = new F32Narrow(z);
        float[] weights = Scratch.mine().floats(4, z.k() * plan.m);
        for (int g = 0; g < z.groups(); g++) {
            KERNELS.transpose(w, wo + g * z.kg() * plan.m, plan.m, weights, g * plan.m * z.kg(), z.kg(),
                    z.kg(), plan.m);
        }
        plan.run(dy, yo, weights, dx, xo);
    }

    /// A convolution of unit stride is the data gradient of one with weights `[C,K]` whose taps run
    /// backwards.
    static void forward(Window z, float[] x, int xo, float[] w, int wo, float[] y, int yo) {
        F32Narrow plan = new F32Narrow(turned(z));
        float[] weights = Scratch.mine().floats(4, z.k() * plan.taps * z.c());
        for (int k = 0; k < z.k(); k++) {
            for (int c = 0; c < z.c(); c++) {
                for (int t = 0; t < plan.taps; t++) {
                    int last = wo + (k * z.c() + c + 1) * plan.taps - 1;
                    weights[(k * plan.taps + t) * z.c() + c] = w[last - t];
                }
            }
        }
        plan.run(x, xo, weights, y, yo);
    }

    /// `dw[k,c,r,s] = Σ x[c, p + r − pad] · dy[k, p]` for few k and unit stride, as the weight gradient with
    /// x and dy in each other's place, so that windows are made of the few planes of dy; its taps run
    /// backwards.
    static void weightGradient(Window z, float[] x, int xo, float[] dy, int yo, float[] dw, int wo) {
        float[] turned = Scratch.mine().floats(6, z.k() * z.c() * z.r() * z.s());
        new F32WeightGradient(turned(z)).run(dy, yo, x, xo, turned, 0);
        int taps = z.r() * z.s();
        for (int k = 0; k < z.k(); k++) {
            for (int c = 0; c < z.c(); c++) {
                for (int t = 0; t < taps; t++) {
                    dw[wo + (k * z.c() + c) * taps + t] = turned[(c * z.k() + k + 1) * taps - 1 - t];
                }
            }
        }
    }

    private static Window turned(Window z) {
        return new Window(z.n(), z.k(), z.p(), z.q(), z.c(), z.r(), z.s(), z.h(), z.w(), 1, 1, 1,
                z.dilationH() * (z.r() - 1) - z.padH(), z.dilationW() * (z.s() - 1) - z.padW(), z.dilationH(),
                z.dilationW());
    }

    /// @param weights `[group][(c,r,s)][k]`
    private void run(float[] dy, int yo, float[] weights, float[] dx, int xo) {
        Parallel.run(z.n() * z.groups() * bands, t -> {
            int n = t / bands / z.groups();
            int g = t / bands % z.groups();
            int top = t % bands * band;
            int bottom = Math.min(z.h(), top + band);
            // rows of dy that touch the band
            int first = Math.max(0, Math.ceilDiv(top + z.padH() - (z.r() - 1) * z.dilationH(), z.strideH()));
            int last = Math.min(z.p() - 1, (bottom - 1 + z.padH()) / z.strideH());
            int pixels = Math.max(0, last - first + 1) * z.q();
            // not a power of two: rows of a tile must not share their places in the cache
            int step = (pixels + W - 1) / W * W + 16;
            float[] block = Scratch.mine().floats(0, m * step);
            product(dy, yo + ((n * z.k() + g * z.kg()) * z.p() + first) * z.q(), weights, g * m * z.kg(),
                    pixels, block, step);
            for (int c = 0; c < z.cg(); c++) {
                int plane = xo + (n * z.c() + g * z.cg() + c) * z.h() * z.w();
                for (int h = top; h < bottom; h++) {
                    collect(h, first, last, block, c * taps * step, step, dx, plane + h * z.w());
                }
            }
        });
    }

    private void product(float[] dy, int yo, float[] weights, int wo, int pixels, float[] block, int step) {
        Scratch scratch = Scratch.mine();
        int slice = Math.min(z.kg(), SLICE);
        float[] packed = scratch.floats(1, slice * W);
        int plane = z.p() * z.q();
        for (int s = 0; s < pixels; s += W) {
            for (int k = 0; k < z.kg(); k += slice) {
                int n = Math.min(slice, z.kg() - k);
                WINDOWS.block(dy, yo + k * plane + s, plane, packed, 0, W, n, Math.min(W, pixels - s));
                KERNELS.strip(m, n, weights, wo + k, z.kg(), packed, 0, block, s, step, k > 0);
            }
        }
    }

    /// One row of dx: its column phases one after the other, each a sum of shifted rows of z; then woven.
    private void collect(int h, int first, int last, float[] block, int at, int step, float[] dx, int to) {
        int stride = z.strideW();
        int width = (z.w() + stride - 1) / stride;
        float[] phases = Scratch.mine().floats(2, stride * width);
        Arrays.fill(phases, 0, stride * width, 0f);
        for (int r = 0; r < z.r(); r++) {
            int down = h + z.padH() - r * z.dilationH();
            int p = Math.floorDiv(down, z.strideH());
            if (down % z.strideH() != 0 || p < first || p > last) {
                continue;
            }
            for (int s = 0; s < z.s(); s++) {
                int b = Math.floorMod(s * z.dilationW() - z.padW(), stride);
                int away = (b + z.padW() - s * z.dilationW()) / stride;
                int start = Math.max(0, -away);
                int end = Math.min(width, z.q() - away);
                add(block, at + (r * z.s() + s) * step + (p - first) * z.q() + away + start, phases,
                        b * width + start, end - start);
            }
        }
        if (stride == 2 && z.w() % 2 == 0) {
            WINDOWS.weave(phases, 0, width, 0, dx, to, 0, 1, width);
            return;
        }
        for (int b = 0; b < stride; b++) {
            for (int j = 0; j * stride + b < z.w(); j++) {
                dx[to + j * stride + b] = phases[b * width + j];
            }
        }
    }

    private static void add(float[] x, int xo, float[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] += x[xo + i];
        }
    }
}
