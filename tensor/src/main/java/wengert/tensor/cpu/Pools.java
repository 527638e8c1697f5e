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
        Object in = from.storage().data();
        long[] out = to.storage().i64();
        int[] b0 = new int[q]; // the first column of each window that is not padding, and how many there are
        int[] columns = new int[q];
        for (int j = 0; j < q; j++) {
            int left = j * g.strideW() - g.padW();
            b0[j] = Math.max(0, Math.ceilDiv(-left, g.dilationW()));
            columns[j] = Math.min(s, Math.ceilDiv(w - left, g.dilationW())) - b0[j];
        }
        planes(x, (long) h * w * r * s, plane -> {
            int start = from.offset() + plane * h * w;
            int at = to.offset() + plane * p * q;
            for (int i = 0; i < p; i++) {
                int top = i * g.strideH() - g.padH();
                int a0 = Math.max(0, Math.ceilDiv(-top, g.dilationH()));
                int a1 = Math.min(r, Math.ceilDiv(h - top, g.dilationH()));
                for (int j = 0; j < q; j++) {
                    if (a0 >= a1 || columns[j] <= 0) {
                        throw new ShapeException("maxPool2d: window (" + i + "," + j + ") of " + r + "x" + s
                                + " lies in the padding (" + g.padH() + "," + g.padW() + ") of an input of "
                                + h + "x" + w + "; use less padding");
                    }
                }
                int first = (top + a0 * g.dilationH()) * w - g.padW();
                if (in instanceof float[] f) {
                    largest(f, start, first, a1 - a0, g.dilationH() * w, b0, columns, g, out, at + i * q, q);
                } else {
                    largest((double[]) in, start, first, a1 - a0, g.dilationH() * w, b0, columns, g, out,
                            at + i * q, q);
                }
            }
        });
        if (to != indices) {
            Copies.copy(to, indices);
        }
    }

    /// Places of the first largest number of each window of a row, counted from `start`. Value and place go
    /// into one long whose order is that of winning, since a choice by value would be a jump that nobody can
    /// foresee.
    private static void largest(float[] x, int start, int first, int rows, int down, int[] b0, int[] columns,
            Conv2dGeometry g, long[] y, int to, int q) {
        int step = g.strideW();
        int right = g.dilationW();
        for (int j = 0; j < q; j++) {
            long best = Long.MIN_VALUE;
            int corner = first + j * step + b0[j] * right;
            int n = columns[j];
            for (int a = 0; a < rows; a++) {
                int at = corner + a * down;
                for (int b = 0; b < n; b++) {
                    int bits = Float.floatToIntBits(x[start + at] + 0f); // one zero, one NaN
                    long order = bits ^ (bits >> 31 & Integer.MAX_VALUE);
                    best = Math.max(best, order << 32 | Integer.MAX_VALUE - at);
                    at += right;
                }
            }
            y[to + j] = Integer.MAX_VALUE - (int) best;
        }
    }

    private static void largest(double[] x, int start, int first, int rows, int down, int[] b0,
            int[] columns, Conv2dGeometry g, long[] y, int to, int q) {
        for (int j = 0; j < q; j++) {
            int corner = first + j * g.strideW() + b0[j] * g.dilationW();
            int best = corner;
            for (int a = 0; a < rows; a++) {
                for (int b = 0; b < columns[j]; b++) {
                    int at = corner + a * down + b * g.dilationW();
                    if (Extremes.wins(x[start + at], x[start + best])) {
                        best = at;
                    }
                }
            }
            y[to + j] = best;
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
