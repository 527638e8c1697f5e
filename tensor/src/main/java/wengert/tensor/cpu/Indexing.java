package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Kernels along one axis that move numbers or add them up: gather, scatter-add, running sums. See [Lines].
/// Along rows, where the axis is the one with step 1, they go line by line.
final class Indexing {
    private Indexing() {
    }

    static void gather(View x, int axis, View index, View y) {
        check("gather", index, axis, x.shape());
        long[] chosen = index.storage().i64();
        int size = index.shape().size(axis);
        int si = index.stride(axis);
        int sx = x.stride(axis);
        int sy = y.stride(axis);
        Object in = x.storage().data();
        Object out = y.storage().data();
        Lines.run(index.shape(), axis, index, x, y, (n, pi, px, py) -> {
            if (sx == 1 && in instanceof float[] f) {
                for (int l = 0; l < n; l++) {
                    gatherRow(f, px[l], chosen, pi[l], si, (float[]) out, py[l], sy, size);
                }
                return;
            }
            int[] source = new int[n];
            for (int j = 0; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    source[l] = px[l] + (int) chosen[pi[l] + j * si] * sx;
                }
                move(in, source, out, py, j * sy, n);
            }
        });
    }

    private static void gatherRow(float[] x, int px, long[] index, int pi, int si, float[] y, int py, int sy,
            int n) {
        for (int j = 0; j < n; j++) {
            y[py + j * sy] = x[px + (int) index[pi + j * si]];
        }
    }

    private static void move(Object in, int[] source, Object out, int[] target, int shift, int n) {
        switch (in) {
            case float[] x -> {
                float[] y = (float[]) out;
                for (int l = 0; l < n; l++) {
                    y[target[l] + shift] = x[source[l]];
                }
            }
            case double[] x -> {
                double[] y = (double[]) out;
                for (int l = 0; l < n; l++) {
                    y[target[l] + shift] = x[source[l]];
                }
            }
            default -> {
                for (int l = 0; l < n; l++) {
                    System.arraycopy(in, source[l], out, target[l] + shift, 1);
                }
            }
        }
    }

    static void scatterAdd(View x, int axis, View index, View y) {
        check("scatterAdd", index, axis, y.shape());
        long[] chosen = index.storage().i64();
        int size = index.shape().size(axis);
        int si = index.stride(axis);
        int sx = x.stride(axis);
        int sy = y.stride(axis);
        Object in = x.storage().data();
        Object out = y.storage().data();
        Lines.run(index.shape(), axis, index, x, y, (n, pi, px, py) -> {
            if (sy == 1 && in instanceof float[] f) {
                for (int l = 0; l < n; l++) {
                    addRow(f, px[l], sx, chosen, pi[l], si, (float[]) out, py[l], size);
                }
                return;
            }
            int[] target = new int[n];
            for (int j = 0; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    target[l] = py[l] + (int) chosen[pi[l] + j * si] * sy;
                }
                add(in, px, j * sx, out, target, n);
            }
        });
    }

    private static void addRow(float[] x, int px, int sx, long[] index, int pi, int si, float[] y, int py,
            int n) {
        for (int j = 0; j < n; j++) {
            y[py + (int) index[pi + j * si]] += x[px + j * sx];
        }
    }

    private static void add(Object in, int[] source, int shift, Object out, int[] target, int n) {
        for (int l = 0; l < n; l++) {
            int from = source[l] + shift;
            int to = target[l];
            switch (in) {
                case float[] x -> ((float[]) out)[to] += x[from];
                case double[] x -> ((double[]) out)[to] += x[from];
                case int[] x -> ((int[]) out)[to] += x[from];
                case long[] x -> ((long[]) out)[to] += x[from];
                case byte[] x -> ((byte[]) out)[to] |= x[from];
                default -> throw new IllegalArgumentException("scatterAdd: " + in.getClass());
            }
        }
    }

    /// Refuses an index outside of the axis before anything is written.
    static void check(String op, View index, int axis, Shape shape) {
        int size = shape.size(axis);
        Walk walk = Walk.of(index);
        long[] in = index.storage().i64();
        Parallel.ranges(walk.length(), 32_768, (start, end) -> {
            long[] block = (long[]) Scratch.mine().block(0, DType.I64);
            for (int i = start; i < end; i += Scratch.BLOCK) {
                int count = Math.min(Scratch.BLOCK, end - i);
                walk.load(in, i, count, block, 0);
                for (int j = 0; j < count; j++) {
                    if (block[j] < 0 || block[j] >= size) {
                        throw new IndexException(op, block[j], position(index.shape(), i + j), axis, shape);
                    }
                }
            }
        });
    }

    /// A row-major number as the index of an element: `[2,0,5]`.
    private static int[] position(Shape shape, int number) {
        int[] at = shape.toArray();
        for (int a = at.length - 1; a >= 0; a--) {
            int size = at[a];
            at[a] = number % size;
            number /= size;
        }
        return at;
    }

    static void cumulativeSum(View x, int axis, View y) {
        int size = x.shape().size(axis);
        int sx = x.stride(axis);
        int sy = y.stride(axis);
        Object in = x.storage().data();
        Object out = y.storage().data();
        Lines.run(x.shape(), axis, x, x, y, (n, px, same, py) -> {
            if (sx == 1 && in instanceof float[] f) {
                for (int l = 0; l < n; l++) {
                    sumRow(f, px[l], (float[]) out, py[l], sy, size);
                }
                return;
            }
            if (x.dtype().isFloating()) {
                double[] sums = new double[n];
                for (int j = 0; j < size; j++) {
                    for (int l = 0; l < n; l++) {
                        int at = px[l] + j * sx;
                        sums[l] += in instanceof float[] f ? f[at] : ((double[]) in)[at];
                        Reductions.set(out, py[l] + j * sy, sums[l]);
                    }
                }
                return;
            }
            long[] sums = new long[n];
            long[] one = new long[1];
            Object narrow = y.dtype().array(1);
            for (int j = 0; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    sums[l] += Lines.integer(in, px[l] + j * sx);
                    one[0] = sums[l];
                    Cast.block(one, narrow, 1, Scratch.mine());
                    System.arraycopy(narrow, 0, out, py[l] + j * sy, 1);
                }
            }
        });
    }

    private static void sumRow(float[] x, int px, float[] y, int py, int sy, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += x[px + j];
            y[py + j * sy] = (float) sum;
        }
    }
}
