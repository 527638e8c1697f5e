package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.View;

// N batch, C channels, H W input, P Q output.
/// Linear interpolation of planes, and its transpose: f32 goes to [F32Resampling], f64 pixel by pixel, a
/// plane a tile.
final class Resampling {
    /// Fewest output pixels worth a thread.
    private static final int GRAIN = 32_768;

    private Resampling() {
    }

    static void bilinear(View x, int scaleH, int scaleW, View y) {
        View from = Copies.contiguous(x);
        View to = Copies.target(y);
        if (from.storage().data() instanceof float[] f) {
            new F32Resampling(x.shape(), scaleH, scaleW).forward(f, from.offset(), to.storage().f32(),
                    to.offset());
        } else {
            forward(from, scaleH, scaleW, to);
        }
        if (to != y) {
            Copies.copy(to, y);
        }
    }

    static void bilinearGradient(View dy, int scaleH, int scaleW, View dx) {
        View from = Copies.contiguous(dy);
        View to = Copies.target(dx);
        if (from.storage().data() instanceof float[] f) {
            new F32Resampling(dx.shape(), scaleH, scaleW).backward(f, from.offset(), to.storage().f32(),
                    to.offset());
        } else {
            backward(from, scaleH, scaleW, to);
        }
        if (to != dx) {
            Copies.copy(to, dx);
        }
    }

    /// Runs tiles; a little work stays on this thread.
    static void run(int tiles, long pixels, Parallel.Tile body) {
        if (pixels < GRAIN) {
            for (int t = 0; t < tiles; t++) {
                body.run(t);
            }
        } else {
            Parallel.run(tiles, body);
        }
    }

    /// How far output pixel `phase` of those that become of one lies behind the pixel before or at it.
    static double weight(int phase, int scale) {
        double at = (phase + 0.5) / scale - 0.5;
        return at < 0 ? at + 1 : at;
    }

    /// 0 if that pixel is the one before, 1 if it is the one itself.
    static int left(int phase, int scale) {
        return 2 * phase + 1 < scale ? 0 : 1;
    }

    /// What has no weight is not looked at, even if it is infinite.
    private static double part(double weight, double x) {
        return weight == 0 ? 0 : weight * x;
    }

    private static void forward(View x, int scaleH, int scaleW, View y) {
        int h = x.shape().size(2);
        int w = x.shape().size(3);
        double[] in = x.storage().f64();
        double[] out = y.storage().f64();
        int planes = x.shape().size(0) * x.shape().size(1);
        run(planes, y.shape().elements(), t -> {
            double[] row = Scratch.mine().doubles(2, w + 2);
            int to = y.offset() + t * h * scaleH * w * scaleW;
            for (int p = 0; p < h * scaleH; p++) {
                double v = weight(p % scaleH, scaleH);
                int first = p / scaleH + left(p % scaleH, scaleH) - 1;
                int a = x.offset() + (t * h + Math.max(first, 0)) * w;
                int b = x.offset() + (t * h + Math.min(first + 1, h - 1)) * w;
                for (int j = 0; j < w; j++) {
                    row[j + 1] = part(1 - v, in[a + j]) + part(v, in[b + j]);
                }
                row[0] = row[1];
                row[w + 1] = row[w];
                for (int q = 0; q < scaleW; q++) {
                    double u = weight(q, scaleW);
                    int left = left(q, scaleW);
                    for (int j = 0; j < w; j++) {
                        out[to + j * scaleW + q] = part(1 - u, row[left + j]) + part(u, row[left + j + 1]);
                    }
                }
                to += w * scaleW;
            }
        });
    }

    private static void backward(View dy, int scaleH, int scaleW, View dx) {
        int h = dx.shape().size(2);
        int w = dx.shape().size(3);
        double[] in = dy.storage().f64();
        double[] out = dx.storage().f64();
        int planes = dx.shape().size(0) * dx.shape().size(1);
        run(planes, dy.shape().elements(), t -> {
            double[] row = Scratch.mine().doubles(2, w + 2);
            int from = dy.offset() + t * h * scaleH * w * scaleW;
            int to = dx.offset() + t * h * w;
            Arrays.fill(out, to, to + h * w, 0);
            for (int p = 0; p < h * scaleH; p++) {
                Arrays.fill(row, 0, w + 2, 0);
                for (int q = 0; q < scaleW; q++) {
                    double u = weight(q, scaleW);
                    int left = left(q, scaleW);
                    for (int j = 0; j < w; j++) {
                        double d = in[from + j * scaleW + q];
                        row[left + j] += part(1 - u, d);
                        row[left + j + 1] += part(u, d);
                    }
                }
                row[1] += row[0];
                row[w] += row[w + 1];
                double v = weight(p % scaleH, scaleH);
                int first = p / scaleH + left(p % scaleH, scaleH) - 1;
                int a = to + Math.max(first, 0) * w;
                int b = to + Math.min(first + 1, h - 1) * w;
                for (int j = 0; j < w; j++) {
                    out[a + j] += part(1 - v, row[j + 1]);
                    out[b + j] += part(v, row[j + 1]);
                }
                from += w * scaleW;
            }
        });
    }
}
