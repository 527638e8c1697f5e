package wengert.tensor.cpu;

import java.util.Arrays;

/// The f64 convolution trio: bands of output rows of one image are unfolded into the matrix [C/G·R·S, pixels]
/// and multiplied. Images and groups are tasks; only the weight gradient, which adds over images, has groups
/// and input channels as tasks instead.
final class F64Conv {
    /// Numbers of an unfolded band.
    private static final int BAND = 1 << 18;

    private F64Conv() {
    }

    static void forward(Window z, double[] x, int xo, double[] w, int wo, double[] y, int yo) {
        int rows = z.cg() * z.r() * z.s();
        Parallel.run(z.n() * z.groups(), t -> {
            int n = t / z.groups();
            int g = t % z.groups();
            for (int p = 0; p < z.p(); p += bandRows(z, rows)) {
                int end = Math.min(z.p(), p + bandRows(z, rows));
                int pixels = (end - p) * z.q();
                double[] band = Scratch.mine().doubles(1, rows * pixels);
                unfold(z, x, xo + (n * z.c() + g * z.cg()) * z.h() * z.w(), z.cg(), p, end, band);
                F64Gemm.multiply(z.kg(), pixels, rows, w, wo + g * z.kg() * rows, rows, 1, band, 0, pixels, 1,
                        y, yo + ((n * z.k() + g * z.kg()) * z.p() + p) * z.q(), z.p() * z.q(), false);
            }
        });
    }

    static void dataGradient(Window z, double[] dy, int yo, double[] w, int wo, double[] dx, int xo) {
        int rows = z.cg() * z.r() * z.s();
        Parallel.run(z.n() * z.groups(), t -> {
            int n = t / z.groups();
            int g = t % z.groups();
            int to = xo + (n * z.c() + g * z.cg()) * z.h() * z.w();
            Arrays.fill(dx, to, to + z.cg() * z.h() * z.w(), 0);
            for (int p = 0; p < z.p(); p += bandRows(z, rows)) {
                int end = Math.min(z.p(), p + bandRows(z, rows));
                int pixels = (end - p) * z.q();
                double[] band = Scratch.mine().doubles(1, rows * pixels);
                F64Gemm.multiply(rows, pixels, z.kg(), w, wo + g * z.kg() * rows, 1, rows, dy, yo
                        + ((n * z.k() + g * z.kg()) * z.p() + p) * z.q(), z.p() * z.q(), 1, band, 0, pixels,
                        false);
                foldBack(z, band, p, end, dx, to);
            }
        });
    }

    static void weightGradient(Window z, double[] x, int xo, double[] dy, int yo, double[] dw, int wo) {
        int taps = z.r() * z.s();
        int block = Math.max(1, z.cg() / 4);
        int blocks = (z.cg() + block - 1) / block;
        Parallel.run(z.groups() * blocks, t -> {
            int g = t / blocks;
            int c = t % blocks * block;
            int count = Math.min(block, z.cg() - c);
            int rows = count * taps;
            int to = wo + (g * z.kg() * z.cg() + c) * taps;
            int ldw = z.cg() * taps;
            for (int k = 0; k < z.kg(); k++) {
                Arrays.fill(dw, to + k * ldw, to + k * ldw + rows, 0);
            }
            for (int n = 0; n < z.n(); n++) {
                for (int p = 0; p < z.p(); p += bandRows(z, rows)) {
                    int end = Math.min(z.p(), p + bandRows(z, rows));
                    int pixels = (end - p) * z.q();
                    double[] band = Scratch.mine().doubles(1, rows * pixels);
                    unfold(z, x, xo + (n * z.c() + g * z.cg() + c) * z.h() * z.w(), count, p, end, band);
                    F64Gemm.multiply(z.kg(), rows, pixels, dy,
                            yo + ((n * z.k() + g * z.kg()) * z.p() + p) * z.q(), z.p() * z.q(), 1, band, 0, 1,
                            pixels, dw, to, ldw, true);
                }
            }
        });
    }

    private static int bandRows(Window z, int rows) {
        return Math.max(1, Math.min(z.p(), BAND / Math.max(1, rows * z.q())));
    }

    /// `band[(c,r,s), (p,q)] = x[c, row(p,r), column(q,s)]`, 0 in the padding.
    private static void unfold(Window z, double[] x, int xo, int channels, int from, int to, double[] band) {
        int at = 0;
        for (int c = 0; c < channels; c++) {
            for (int r = 0; r < z.r(); r++) {
                for (int s = 0; s < z.s(); s++) {
                    for (int p = from; p < to; p++) {
                        int h = z.row(p, r);
                        int start = xo + (c * z.h() + h) * z.w();
                        for (int q = 0; q < z.q(); q++) {
                            int v = z.column(q, s);
                            boolean inside = h >= 0 && h < z.h() && v >= 0 && v < z.w();
                            band[at++] = inside ? x[start + v] : 0;
                        }
                    }
                }
            }
        }
    }

    /// The transpose of [#unfold]: adds a band back to where its numbers came from.
    private static void foldBack(Window z, double[] band, int from, int to, double[] dx, int xo) {
        int at = 0;
        for (int c = 0; c < z.cg(); c++) {
            for (int r = 0; r < z.r(); r++) {
                for (int s = 0; s < z.s(); s++) {
                    for (int p = from; p < to; p++) {
                        int h = z.row(p, r);
                        int start = xo + (c * z.h() + h) * z.w();
                        for (int q = 0; q < z.q(); q++, at++) {
                            int v = z.column(q, s);
                            if (h >= 0 && h < z.h() && v >= 0 && v < z.w()) {
                                dx[start + v] += band[at];
                            }
                        }
                    }
                }
            }
        }
    }
}
