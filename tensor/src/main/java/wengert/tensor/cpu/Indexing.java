package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// Kernels along one axis: gather, scatter-add, running sums and the places of extremes. A *line* is what
/// runs along the axis at one index of the others. Lines are independent, so a tile is a stretch of lines; it
/// takes the first element of all of them, then the second: neighbours in memory where the axis is not the
/// last. Along rows, where the axis is the one with step 1, it goes line by line.
final class Indexing {
    /// Lines per tile.
    private static final int LINES = 256;

    private Indexing() {
    }

    /// The work of a tile: where each of `n` lines begins in three operands.
    private interface Lines {
        void run(int n, int[] a, int[] b, int[] c);
    }

    private static void lines(Shape shape, int axis, View a, View b, View c, Lines work) {
        if (shape.elements() == 0) {
            return;
        }
        int[] sizes = shape.with(axis, 1).toArray();
        Walk wa = Walk.of(sizes, a.strides(), a.offset());
        Walk wb = Walk.of(sizes, b.strides(), b.offset());
        Walk wc = Walk.of(sizes, c.strides(), c.offset());
        int n = wa.length();
        Parallel.Tile tile = t -> {
            int count = Math.min(LINES, n - t * LINES);
            int[] pa = new int[count];
            int[] pb = new int[count];
            int[] pc = new int[count];
            wa.positions(t * LINES, count, pa);
            wb.positions(t * LINES, count, pb);
            wc.positions(t * LINES, count, pc);
            work.run(count, pa, pb, pc);
        };
        int tiles = (n + LINES - 1) / LINES;
        if (shape.elements() < 16_384) {
            for (int t = 0; t < tiles; t++) {
                tile.run(t);
            }
        } else {
            Parallel.run(tiles, tile);
        }
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
        lines(index.shape(), axis, index, x, y, (n, pi, px, py) -> {
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
        lines(index.shape(), axis, index, x, y, (n, pi, px, py) -> {
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
        long[] block = (long[]) Scratch.mine().block(0, DType.I64);
        for (int i = 0; i < walk.length(); i += Scratch.BLOCK) {
            int count = Math.min(Scratch.BLOCK, walk.length() - i);
            walk.load(in, i, count, block, 0);
            for (int j = 0; j < count; j++) {
                if (block[j] < 0 || block[j] >= size) {
                    throw new ShapeException(op + ": index " + block[j] + " at position "
                            + position(index.shape(), i + j) + " lies outside of axis " + axis + " of shape "
                            + shape + "; legal are 0 to " + (size - 1));
                }
            }
        }
    }

    /// A row-major number as the index of an element: `[2,0,5]`.
    private static Shape position(Shape shape, int number) {
        int[] at = shape.toArray();
        for (int a = at.length - 1; a >= 0; a--) {
            int size = at[a];
            at[a] = number % size;
            number /= size;
        }
        return Shape.of(at);
    }

    static void cumulativeSum(View x, int axis, View y) {
        int size = x.shape().size(axis);
        int sx = x.stride(axis);
        int sy = y.stride(axis);
        Object in = x.storage().data();
        Object out = y.storage().data();
        lines(x.shape(), axis, x, x, y, (n, px, same, py) -> {
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
            Object narrow = Cast.array(y.dtype(), 1);
            for (int j = 0; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    sums[l] += integer(in, px[l] + j * sx);
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

    static void argReduce(ReduceKind kind, View x, int axis, View y) {
        int size = x.shape().size(axis);
        int sx = x.stride(axis);
        int sign = kind == ReduceKind.MIN ? -1 : 1;
        Object in = x.storage().data();
        long[] out = y.storage().i64();
        lines(x.shape(), axis, x, x, y, (n, px, same, py) -> {
            if (sx == 1 && in instanceof float[] f) {
                for (int l = 0; l < n; l++) {
                    out[py[l]] = firstExtreme(kind, f, px[l], size);
                }
                return;
            }
            int[] best = new int[n];
            if (in instanceof float[] f && adjacent(px, n)) {
                sideBySide(kind, f, px[0], sx, size, best);
                for (int l = 0; l < n; l++) {
                    out[py[l]] = best[l];
                }
                return;
            }
            for (int j = 1; j < size; j++) {
                for (int l = 0; l < n; l++) {
                    int here = px[l] + j * sx;
                    int there = px[l] + best[l] * sx;
                    boolean wins = switch (in) {
                        case float[] f -> wins(sign * f[here], sign * f[there]);
                        case double[] d -> wins(sign * d[here], sign * d[there]);
                        default -> sign * Long.compare(integer(in, here), integer(in, there)) > 0;
                    };
                    if (wins) {
                        best[l] = j;
                    }
                }
            }
            for (int l = 0; l < n; l++) {
                out[py[l]] = best[l];
            }
        });
    }

    private static boolean adjacent(int[] px, int n) {
        for (int l = 1; l < n; l++) {
            if (px[l] != px[0] + l) {
                return false;
            }
        }
        return true;
    }

    /// Where the extreme of `n` adjacent numbers first stands: its value from vectors, then a search for it.
    private static int firstExtreme(ReduceKind kind, float[] x, int at, int n) {
        float best = (float) Folds.block(kind, x, at, n);
        int i = 0;
        while (x[at + i] != best && (best == best || x[at + i] == x[at + i])) {
            i++;
        }
        return i;
    }

    /// As many extremes as there are places in `best`, of numbers `step` apart, side by side.
    private static void sideBySide(ReduceKind kind, float[] x, int at, int step, int size, int[] best) {
        float sign = kind == ReduceKind.MIN ? -1 : 1;
        float[] value = new float[best.length];
        for (int l = 0; l < best.length; l++) {
            value[l] = sign * x[at + l];
        }
        for (int j = 1; j < size; j++) {
            for (int l = 0; l < best.length; l++) {
                float v = sign * x[at + j * step + l];
                if (wins(v, value[l])) {
                    value[l] = v;
                    best[l] = j;
                }
            }
        }
    }

    /// True if a value beats the best so far: it is larger, or the first NaN.
    static boolean wins(double value, double best) {
        return value > best || value != value && best == best;
    }

    private static long integer(Object array, int at) {
        return switch (array) {
            case int[] x -> x[at];
            case long[] x -> x[at];
            case byte[] x -> x[at];
            default -> throw new IllegalArgumentException("not integers: " + array.getClass());
        };
    }
}
