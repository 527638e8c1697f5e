package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

// N batch, C channels, H W input, P Q output, R S window.
/// Windows that keep channels apart; one image and channel is a tile. Everything is computed in double.
final class Pools {
    private Pools() {
    }

    /// The work on one plane: reads `in[H·W]` (or `[P·Q]`), writes `out`.
    private interface Plane {
        void run(double[] in, double[] out);
    }

    static void maxIndices(View x, int r, int s, Conv2dGeometry g, View indices) {
        View to = Copies.target(indices);
        int h = x.shape().size(2);
        int w = x.shape().size(3);
        int p = indices.shape().size(2);
        int q = indices.shape().size(3);
        long[] out = to.storage().i64();
        planes(x, (in, plane) -> {
            for (int i = 0; i < p; i++) {
                for (int j = 0; j < q; j++) {
                    out[to.offset() + plane * p * q + i * q + j] = largest(in, h, w, r, s, g, i, j);
                }
            }
        });
        if (to != indices) {
            Copies.copy(to, indices);
        }
    }

    private static int largest(double[] x, int h, int w, int r, int s, Conv2dGeometry g, int i, int j) {
        int best = -1;
        for (int a = 0; a < r; a++) {
            int row = i * g.strideH() - g.padH() + a * g.dilationH();
            if (row < 0 || row >= h) {
                continue;
            }
            for (int b = 0; b < s; b++) {
                int column = j * g.strideW() - g.padW() + b * g.dilationW();
                if (column >= 0 && column < w) {
                    int at = row * w + column;
                    if (best < 0 || Indexing.wins(x[at], x[best])) {
                        best = at;
                    }
                }
            }
        }
        if (best < 0) {
            throw new ShapeException("maxPool2d: window (" + i + "," + j + ") of " + r + "x" + s
                    + " lies in the padding (" + g.padH() + "," + g.padW() + ") of an input of " + h + "x" + w
                    + "; use less padding");
        }
        return best;
    }

    static void average(View x, int r, int s, Conv2dGeometry g, View y) {
        Taps taps = new Taps(x.shape().size(2), x.shape().size(3), y.shape().size(2), y.shape().size(3), r, s,
                g);
        transform(x, y, (in, out) -> {
            Arrays.fill(out, 0, taps.p * taps.q, 0);
            taps.each((start, at, n) -> {
                for (int j = 0; j < n; j++) {
                    out[at + j] += in[start + j * g.strideW()];
                }
            });
            for (int i = 0; i < taps.p * taps.q; i++) {
                out[i] /= (double) r * s;
            }
        });
    }

    static void averageGradient(View dy, int r, int s, Conv2dGeometry g, View dx) {
        Taps taps = new Taps(dx.shape().size(2), dx.shape().size(3), dy.shape().size(2), dy.shape().size(3),
                r, s, g);
        transform(dy, dx, (in, out) -> {
            Arrays.fill(out, 0, taps.h * taps.w, 0);
            taps.each((start, at, n) -> {
                for (int j = 0; j < n; j++) {
                    out[start + j * g.strideW()] += in[at + j];
                }
            });
            for (int i = 0; i < taps.h * taps.w; i++) {
                out[i] /= (double) r * s;
            }
        });
    }

    /// A row of outputs under one tap: `n` of them from `at`, whose inputs begin at `start`, strideW apart.
    private interface Stretch {
        void run(int start, int at, int n);
    }

    /// Which outputs have an input under which tap: borders are sorted out once per row, not for every
    /// number.
    private record Taps(int h, int w, int p, int q, int r, int s, Conv2dGeometry g) {
        void each(Stretch work) {
            for (int i = 0; i < p; i++) {
                for (int a = 0; a < r; a++) {
                    int row = i * g.strideH() - g.padH() + a * g.dilationH();
                    for (int b = 0; b < s && row >= 0 && row < h; b++) {
                        int first = b * g.dilationW() - g.padW();
                        int from = Math.max(0, Math.ceilDiv(-first, g.strideW()));
                        int to = Math.min(q, Math.ceilDiv(w - first, g.strideW()));
                        work.run(row * w + first + from * g.strideW(), i * q + from, to - from);
                    }
                }
            }
        }
    }

    private static void transform(View x, View y, Plane work) {
        View to = Copies.target(y);
        int size = y.shape().size(2) * y.shape().size(3);
        planes(x, (in, plane) -> {
            double[] out = Scratch.mine().doubles(3, size);
            work.run(in, out);
            for (int i = 0; i < size; i++) {
                Reductions.set(to.storage().data(), to.offset() + plane * size + i, out[i]);
            }
        });
        if (to != y) {
            Copies.copy(to, y);
        }
    }

    private interface EachPlane {
        void run(double[] in, int plane);
    }

    /// Hands out the planes of [N, C, H, W] as double.
    private static void planes(View x, EachPlane work) {
        View from = Copies.contiguous(x);
        int size = x.shape().size(2) * x.shape().size(3);
        Object array = from.storage().data();
        Parallel.run(x.shape().size(0) * x.shape().size(1), t -> {
            double[] in = Scratch.mine().doubles(2, size);
            for (int i = 0, at = from.offset() + t * size; i < size; i++, at++) {
                in[i] = array instanceof float[] f ? f[at] : ((double[]) array)[at];
            }
            work.run(in, t);
        });
    }
}
