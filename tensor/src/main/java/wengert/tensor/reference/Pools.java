package wengert.tensor.reference;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

// N batch, C channels, H W input, P Q output, R S window.
/// Windows that keep channels apart. Tap (r, s) of window (p, q) lies on
/// `h = p·stride − pad + r·dilation`, alike for the width.
final class Pools {
    private Pools() {
    }

    /// `indices[n,c,p,q] = h·W + w` of the largest x[n,c,h,w] in the window.
    static void maxIndices(View x, int r, int s, Conv2dGeometry g, View indices) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(indices);
        int height = x.shape().size(2);
        int width = x.shape().size(3);
        int[] out = indices.shape().toArray();
        for (int n = 0; n < out[0]; n++) {
            for (int c = 0; c < out[1]; c++) {
                for (int p = 0; p < out[2]; p++) {
                    for (int q = 0; q < out[3]; q++) {
                        int best = -1;
                        double largest = 0;
                        for (int i = 0; i < r; i++) {
                            for (int j = 0; j < s; j++) {
                                int h = p * g.strideH() - g.padH() + i * g.dilationH();
                                int w = q * g.strideW() - g.padW() + j * g.dilationW();
                                if (h >= 0 && h < height && w >= 0 && w < width) {
                                    double value = from.get(from.at(n, c, h, w));
                                    if (best < 0 || Reductions.wins(value, largest)) {
                                        best = h * width + w;
                                        largest = value;
                                    }
                                }
                            }
                        }
                        if (best < 0) {
                            throw new ShapeException("maxPool2d: window (" + p + "," + q + ") of " + r + "x"
                                    + s + " lies in the padding (" + g.padH() + "," + g.padW() + ") of x "
                                    + x.shape() + "; use less padding");
                        }
                        to.setLong(to.at(n, c, p, q), best);
                    }
                }
            }
        }
    }

    /// `y[n,c,p,q] = 1/(R·S) · Σ_{r,s} x[n,c,h,w]`, padding counted as zeros.
    static void average(View x, int r, int s, Conv2dGeometry g, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        int height = x.shape().size(2);
        int width = x.shape().size(3);
        int[] out = y.shape().toArray();
        for (int n = 0; n < out[0]; n++) {
            for (int c = 0; c < out[1]; c++) {
                for (int p = 0; p < out[2]; p++) {
                    for (int q = 0; q < out[3]; q++) {
                        double sum = 0;
                        for (int i = 0; i < r; i++) {
                            for (int j = 0; j < s; j++) {
                                int h = p * g.strideH() - g.padH() + i * g.dilationH();
                                int w = q * g.strideW() - g.padW() + j * g.dilationW();
                                if (h >= 0 && h < height && w >= 0 && w < width) {
                                    sum += from.get(from.at(n, c, h, w));
                                }
                            }
                        }
                        to.set(to.at(n, c, p, q), sum / ((double) r * s));
                    }
                }
            }
        }
    }

    /// `dx[n,c,h,w] = 1/(R·S) · Σ dy[n,c,p,q]` over the windows one of whose taps lies on (h, w).
    static void averageGradient(View dy, int r, int s, Conv2dGeometry g, View dx) {
        Cells from = Cells.of(dy);
        Cells to = Cells.of(dx);
        int rows = dy.shape().size(2);
        int columns = dy.shape().size(3);
        int[] in = dx.shape().toArray();
        for (int n = 0; n < in[0]; n++) {
            for (int c = 0; c < in[1]; c++) {
                for (int h = 0; h < in[2]; h++) {
                    for (int w = 0; w < in[3]; w++) {
                        double sum = 0;
                        for (int i = 0; i < r; i++) {
                            for (int j = 0; j < s; j++) {
                                int p = Convolutions.window(h + g.padH() - i * g.dilationH(), g.strideH(),
                                        rows);
                                int q = Convolutions.window(w + g.padW() - j * g.dilationW(), g.strideW(),
                                        columns);
                                if (p >= 0 && q >= 0) {
                                    sum += from.get(from.at(n, c, p, q));
                                }
                            }
                        }
                        to.set(to.at(n, c, h, w), sum / ((double) r * s));
                    }
                }
            }
        }
    }
}
