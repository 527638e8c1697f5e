package wengert.tensor.reference;

import wengert.tensor.spi.View;

// N batch, C channels, H W input, P Q output.
/// Linear interpolation. Output pixel p looks at `at = (p + ½)/scale − ½`: pixel `⌊at⌋` has the weight
/// `1 − (at − ⌊at⌋)`, the next one the rest; beyond the border stands the border pixel.
final class Resampling {
    private Resampling() {
    }

    /// The two pixels of an axis that an output pixel is made of, and the second one's weight.
    private record Pair(int first, int second, double weight) {
        static Pair of(int p, int scale, int size) {
            // counted from pixel p/scale on, so that far ones lose no digits
            double at = (p % scale + 0.5) / scale - 0.5;
            int left = (int) Math.floor(at);
            int first = p / scale + left;
            return new Pair(Math.max(first, 0), Math.min(first + 1, size - 1), at - left);
        }
    }

    /// `y[n,c,p,q] = Σ weight · x[n,c,h,w]` over two rows and two columns.
    static void bilinear(View x, int scaleH, int scaleW, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        int[] out = y.shape().toArray();
        for (int n = 0; n < out[0]; n++) {
            for (int c = 0; c < out[1]; c++) {
                for (int p = 0; p < out[2]; p++) {
                    Pair h = Pair.of(p, scaleH, x.shape().size(2));
                    for (int q = 0; q < out[3]; q++) {
                        Pair w = Pair.of(q, scaleW, x.shape().size(3));
                        double top = mix(from.get(from.at(n, c, h.first, w.first)),
                                from.get(from.at(n, c, h.first, w.second)), w.weight);
                        double bottom = mix(from.get(from.at(n, c, h.second, w.first)),
                                from.get(from.at(n, c, h.second, w.second)), w.weight);
                        to.set(to.at(n, c, p, q), mix(top, bottom, h.weight));
                    }
                }
            }
        }
    }

    private static double mix(double a, double b, double weight) {
        return part(1 - weight, a) + part(weight, b);
    }

    /// What has no weight is not looked at, even if it is infinite.
    private static double part(double weight, double x) {
        return weight == 0 ? 0 : weight * x;
    }

    /// `dx[n,c,h,w] = Σ weight · dy[n,c,p,q]` over the output pixels that (h, w) is part of.
    static void bilinearGradient(View dy, int scaleH, int scaleW, View dx) {
        Cells from = Cells.of(dy);
        Cells to = Cells.of(dx);
        int[] in = dx.shape().toArray();
        for (int n = 0; n < in[0]; n++) {
            for (int c = 0; c < in[1]; c++) {
                double[][] sums = new double[in[2]][in[3]];
                for (int p = 0; p < dy.shape().size(2); p++) {
                    Pair h = Pair.of(p, scaleH, in[2]);
                    for (int q = 0; q < dy.shape().size(3); q++) {
                        Pair w = Pair.of(q, scaleW, in[3]);
                        double d = from.get(from.at(n, c, p, q));
                        sums[h.first][w.first] += part((1 - h.weight) * (1 - w.weight), d);
                        sums[h.first][w.second] += part((1 - h.weight) * w.weight, d);
                        sums[h.second][w.first] += part(h.weight * (1 - w.weight), d);
                        sums[h.second][w.second] += part(h.weight * w.weight, d);
                    }
                }
                for (int h = 0; h < in[2]; h++) {
                    for (int w = 0; w < in[3]; w++) {
                        to.set(to.at(n, c, h, w), sums[h][w]);
                    }
                }
            }
        }
    }
}
