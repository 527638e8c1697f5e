package wengert.tensor.reference;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// The convolution `y[n,k,p,q] = b[k] + Σ_{c,r,s} x[n, c, p·stride − pad + r·dilation, …] · w[k,c,r,s]` and
/// its two transposes. Output channel k sees the input channels of its own group only:
/// `c + (k / (K/G)) · C/G` for `c < C/G`.
final class Convolutions {
    private Convolutions() {
    }

    static void conv2d(View x, View w, View bias, Conv2dGeometry g, View y) {
        Sizes z = Sizes.of(x, w, y, g);
        Cells cx = Cells.of(x);
        Cells cw = Cells.of(w);
        Cells cy = Cells.of(y);
        Cells cb = bias == null ? null : Cells.of(bias);
        for (int n = 0; n < z.n; n++) {
            for (int k = 0; k < z.k; k++) {
                for (int p = 0; p < z.p; p++) {
                    for (int q = 0; q < z.q; q++) {
                        double sum = cb == null ? 0 : cb.get(cb.at(k));
                        for (int c = 0; c < z.cg; c++) {
                            for (int r = 0; r < z.r; r++) {
                                int h = p * g.strideH() - g.padH() + r * g.dilationH();
                                for (int s = 0; s < z.s; s++) {
                                    int v = q * g.strideW() - g.padW() + s * g.dilationW();
                                    if (h >= 0 && h < z.h && v >= 0 && v < z.w) {
                                        sum += cx.get(cx.at(n, c + z.firstC(k), h, v))
                                                * cw.get(cw.at(k, c, r, s));
                                    }
                                }
                            }
                        }
                        cy.set(cy.at(n, k, p, q), sum);
                    }
                }
            }
        }
    }

    /// `dx[n,c,h,w] = b[c] + Σ_{k,r,s} dy[n,k,p,q] · w[k,c,r,s]` over the windows (p, q) whose tap (r, s)
    /// lies on (h, w).
    static void dataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx) {
        Sizes z = Sizes.of(dx, w, dy, g);
        Cells cdy = Cells.of(dy);
        Cells cw = Cells.of(w);
        Cells cdx = Cells.of(dx);
        Cells cb = bias == null ? null : Cells.of(bias);
        for (int n = 0; n < z.n; n++) {
            for (int c = 0; c < z.c; c++) {
                int group = c / z.cg;
                for (int h = 0; h < z.h; h++) {
                    for (int v = 0; v < z.w; v++) {
                        double sum = cb == null ? 0 : cb.get(cb.at(c));
                        for (int k = group * z.kg; k < (group + 1) * z.kg; k++) {
                            for (int r = 0; r < z.r; r++) {
                                int p = window(h + g.padH() - r * g.dilationH(), g.strideH(), z.p);
                                for (int s = 0; s < z.s; s++) {
                                    int q = window(v + g.padW() - s * g.dilationW(), g.strideW(), z.q);
                                    if (p >= 0 && q >= 0) {
                                        sum += cdy.get(cdy.at(n, k, p, q))
                                                * cw.get(cw.at(k, c - group * z.cg, r, s));
                                    }
                                }
                            }
                        }
                        cdx.set(cdx.at(n, c, h, v), sum);
                    }
                }
            }
        }
    }

    /// The window whose first tap lies at `start` of the padded input, or −1 if none begins there.
    static int window(int start, int stride, int count) {
        return start >= 0 && start % stride == 0 && start / stride < count ? start / stride : -1;
    }

    /// `dw[k,c,r,s] = Σ_{n,p,q} x[n, c, p·stride − pad + r·dilation, …] · dy[n,k,p,q]`.
    static void weightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        Sizes z = Sizes.of(x, dw, dy, g);
        Cells cx = Cells.of(x);
        Cells cdy = Cells.of(dy);
        Cells cdw = Cells.of(dw);
        for (int k = 0; k < z.k; k++) {
            for (int c = 0; c < z.cg; c++) {
                for (int r = 0; r < z.r; r++) {
                    for (int s = 0; s < z.s; s++) {
                        double sum = 0;
                        for (int n = 0; n < z.n; n++) {
                            for (int p = 0; p < z.p; p++) {
                                for (int q = 0; q < z.q; q++) {
                                    int h = p * g.strideH() - g.padH() + r * g.dilationH();
                                    int v = q * g.strideW() - g.padW() + s * g.dilationW();
                                    if (h >= 0 && h < z.h && v >= 0 && v < z.w) {
                                        sum += cx.get(cx.at(n, c + z.firstC(k), h, v))
                                                * cdy.get(cdy.at(n, k, p, q));
                                    }
                                }
                            }
                        }
                        cdw.set(cdw.at(k, c, r, s), sum);
                    }
                }
            }
        }
    }

    /// The sizes by their letters; cg and kg are channels per group.
    private record Sizes(int n, int c, int h, int w, int k, int r, int s, int p, int q, int cg, int kg) {
        static Sizes of(View x, View w, View y, Conv2dGeometry g) {
            Shape in = x.shape();
            Shape kernel = w.shape();
            Shape out = y.shape();
            return new Sizes(in.size(0), in.size(1), in.size(2), in.size(3), kernel.size(0), kernel.size(2),
                    kernel.size(3), out.size(2), out.size(3), kernel.size(1), kernel.size(0) / g.groups());
        }

        /// First input channel that output channel k sees.
        int firstC(int k) {
            return k / kg * cg;
        }
    }
}
