package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

// N batch, C channels, H W input, P Q output, R S window.
/// Windows that keep channels apart; one image and channel is a tile. Means add whole rows first, which lie
/// in one piece whatever the stride, and sum along the row after that; everything in double, rounded once.
final class Pools {
    private Pools() {
    }

    static void maxIndices(View x, int r, int s, Conv2dGeometry g, View indices) {
        View from = Copies.contiguous(x);
        View to = Copies.target(indices);
        int h = x.shape().size(2);
        int w = x.shape().size(3);
        int p = indices.shape().size(2);
        int q = indices.shape().size(3);
        check("height", h, p, r, g.strideH(), g.padH(), g.dilationH());
        check("width", w, q, s, g.strideW(), g.padW(), g.dilationW());
        long[] out = to.storage().i64();
        planes(x, (long) h * w * r * s, plane -> {
            int start = from.offset() + plane * h * w;
            int at = to.offset() + plane * p * q;
            if (from.storage().data() instanceof float[] f) {
                F32MaxPool.largest(f, start, h, w, r, s, g, out, at, p, q);
            } else {
                largest(from.storage().f64(), start, h, w, r, s, g, out, at, p, q);
            }
        });
        if (to != indices) {
            Copies.copy(to, indices);
        }
    }

    /// Refuses a window that lies in the padding, along one axis.
    private static void check(String which, int size, int windows, int taps, int stride, int pad,
            int dilation) {
        for (int i = 0; i < windows; i++) {
            int first = i * stride - pad;
            int inside = first + Math.max(0, Math.ceilDiv(-first, dilation)) * dilation;
            if (inside >= size || inside > first + (taps - 1) * dilation) {
                throw new ShapeException("maxPool2d: window " + i + " of the " + which + ", of " + taps
                        + ", lies in the padding of " + pad + " around " + size + "; use less padding");
            }
        }
    }

    /// Places of the first largest number of each window of a plane.
    private static void largest(double[] x, int start, int h, int w, int r, int s, Conv2dGeometry g, long[] y,
            int to, int p, int q) {
        for (int i = 0; i < p; i++) {
            for (int j = 0; j < q; j++) {
                int best = -1;
                for (int a = 0; a < r; a++) {
                    for (int b = 0; b < s; b++) {
                        int down = i * g.strideH() - g.padH() + a * g.dilationH();
                        int right = j * g.strideW() - g.padW() + b * g.dilationW();
                        if (down >= 0 && down < h && right >= 0 && right < w
                                && (best < 0 || Extremes.wins(x[start + down * w + right],
                                x[start + best]))) {
                            best = down * w + right;
                        }
                    }
                }
                y[to + i * q + j] = best;
            }
        }
    }

    static void average(View x, int r, int s, Conv2dGeometry g, View y) {
        View from = Copies.contiguous(x);
        View to = Copies.target(y);
        int h = x.shape().size(2);
        int w = x.shape().size(3);
        int p = y.shape().size(2);
        int q = y.shape().size(3);
        int wide = w + 2 * g.padW();
        planes(x, (long) h * w * r, plane -> {
            double[] row = Scratch.mine().doubles(2, wide);
            for (int i = 0; i < p; i++) {
                Arrays.fill(row, 0, wide, 0);
                for (int a = 0; a < r; a++) {
                    int at = i * g.strideH() - g.padH() + a * g.dilationH();
                    if (at >= 0 && at < h) {
                        add(from.storage().data(), from.offset() + (plane * h + at) * w, row, g.padW(), w);
                    }
                }
                int at = to.offset() + (plane * p + i) * q;
                if (to.storage().data() instanceof float[] f) {
                    means(row, g.strideW(), s, g.dilationW(), f, at, q, 1.0 / (r * s));
                } else {
                    means(row, g.strideW(), s, g.dilationW(), to.storage().f64(), at, q, r * s);
                }
            }
        });
        if (to != y) {
            Copies.copy(to, y);
        }
    }

    static void averageGradient(View dy, int r, int s, Conv2dGeometry g, View dx) {
        View from = Copies.contiguous(dy);
        View to = Copies.target(dx);
        int h = dx.shape().size(2);
        int w = dx.shape().size(3);
        int p = dy.shape().size(2);
        int q = dy.shape().size(3);
        planes(dx, (long) h * w * r, plane -> {
            double[] row = Scratch.mine().doubles(2, w);
            double[] back = Scratch.mine().doubles(3, q);
            double[] sums = Scratch.mine().doubles(5, h * w);
            Arrays.fill(sums, 0, h * w, 0);
            for (int i = 0; i < p; i++) {
                Arrays.fill(back, 0, q, 0);
                add(from.storage().data(), from.offset() + (plane * p + i) * q, back, 0, q);
                Arrays.fill(row, 0, w, 0);
                for (int b = 0; b < s; b++) {
                    int first = b * g.dilationW() - g.padW();
                    int low = Math.max(0, Math.ceilDiv(-first, g.strideW()));
                    int high = Math.min(q, Math.ceilDiv(w - first, g.strideW()));
                    for (int j = low; j < high; j++) {
                        row[first + j * g.strideW()] += back[j];
                    }
                }
                for (int a = 0; a < r; a++) {
                    int at = i * g.strideH() - g.padH() + a * g.dilationH();
                    if (at >= 0 && at < h) {
                        for (int j = 0; j < w; j++) {
                            sums[at * w + j] += row[j];
                        }
                    }
                }
            }
            put(sums, to.storage().data(), to.offset() + plane * h * w, h * w, r * s);
        });
        if (to != dx) {
            Copies.copy(to, dx);
        }
    }

    /// `y[j] = mean of row[j·stride + b·right] over b`. Times the reciprocal, in double: what that loses is
    /// far below what rounding to f32 does.
    private static void means(double[] row, int stride, int s, int right, float[] y, int at, int n,
            double share) {
        if (s == 2) {
            for (int j = 0, k = 0; j < n; j++, k += stride) {
                y[at + j] = (float) ((row[k] + row[k + right]) * share);
            }
        } else if (s == 3) {
            for (int j = 0, k = 0; j < n; j++, k += stride) {
                y[at + j] = (float) ((row[k] + row[k + right] + row[k + 2 * right]) * share);
            }
        } else {
            for (int j = 0; j < n; j++) {
                y[at + j] = (float) (sum(row, j * stride, right, s) * share);
            }
        }
    }

    private static void means(double[] row, int stride, int s, int right, double[] y, int at, int n,
            int count) {
        for (int j = 0; j < n; j++) {
            y[at + j] = sum(row, j * stride, right, s) / count;
        }
    }

    private static double sum(double[] row, int k, int right, int n) {
        double sum = 0;
        for (int b = 0; b < n; b++) {
            sum += row[k + b * right];
        }
        return sum;
    }

    /// `sums[to + j] += x[at + j]`.
    private static void add(Object x, int at, double[] sums, int to, int n) {
        if (x instanceof float[] f) {
            for (int j = 0; j < n; j++) {
                sums[to + j] += f[at + j];
            }
        } else {
            double[] d = (double[]) x;
            for (int j = 0; j < n; j++) {
                sums[to + j] += d[at + j];
            }
        }
    }

    private static void put(double[] sums, Object y, int at, int n, double count) {
        if (y instanceof float[] f) {
            double share = 1 / count;
            for (int j = 0; j < n; j++) {
                f[at + j] = (float) (sums[j] * share);
            }
        } else {
            double[] d = (double[]) y;
            for (int j = 0; j < n; j++) {
                d[at + j] = sums[j] / count;
            }
        }
    }

    /// Hands out the planes of [N, C, H, W]; few and small ones stay on one thread.
    private static void planes(View x, long work, Parallel.Tile tile) {
        int n = x.shape().size(0) * x.shape().size(1);
        if (n * work < 32_768) {
            for (int t = 0; t < n; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(n, tile);
        }
    }
}
