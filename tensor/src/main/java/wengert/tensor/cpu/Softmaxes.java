package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Softmax and its relatives along any axis. A line whose numbers are adjacent is worked on in place.
/// Neighbouring lines of f32 go through [F32SoftmaxColumns], row by row. All others, a band of neighbours,
/// are turned into rows of scratch memory, worked on, and turned back.
final class Softmaxes {
    /// Numbers worth a tile.
    private static final int GRAIN = 16_384;
    /// Numbers of a band of lines, so that a few such bands stay in the second-level cache.
    private static final int BAND = 32_768;
    private static final int NARROWEST = 16;
    private static final int WIDEST = 64;

    /// What is done with one line: one or two operands, a result, each of n adjacent numbers.
    private interface Work {
        /// @param b    null where there is one operand
        /// @param y    null where the result is not a line
        /// @param line its number, in row-major order
        void run(Object a, int ao, Object b, int bo, Object y, int yo, int n, int line);
    }

    /// What is done with a band of adjacent f32 columns: n rows, `step` apart.
    private interface Columns {
        /// @param b null where there is one operand
        /// @return false if it could not be done
        boolean run(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n, int step, int w);
    }

    private Softmaxes() {
    }

    static void softmax(View x, int axis, View y) {
        Columns columns = (a, ao, b, bo, r, ro, n, step, w) -> F32SoftmaxColumns.softmax(a, ao, r, ro, n,
                step, w);
        lines(x, null, axis, y, columns, x.dtype() == DType.F32
                ? (a, ao, b, bo, r, ro, n, l) -> F32Softmax.softmax((float[]) a, ao, (float[]) r, ro, n)
                : (a, ao, b, bo, r, ro, n, l) -> F64Softmax.softmax((double[]) a, ao, (double[]) r, ro, n));
    }

    static void softmaxGradient(View y, View dy, int axis, View dx) {
        Columns columns = (a, ao, b, bo, r, ro, n, step, w) -> {
            F32SoftmaxColumns.softmaxGradient(a, ao, b, bo, r, ro, n, step, w);
            return true;
        };
        lines(y, dy, axis, dx, columns, y.dtype() == DType.F32
                ? (a, ao, b, bo, r, ro, n, l) -> F32Softmax.softmaxGradient((float[]) a, ao, (float[]) b, bo,
                        (float[]) r, ro, n)
                : (a, ao, b, bo, r, ro, n, l) -> F64Softmax.softmaxGradient((double[]) a, ao, (double[]) b,
                bo,
                        (double[]) r, ro, n));
    }

    static void logSoftmax(View x, int axis, View y) {
        Columns columns = (a, ao, b, bo, r, ro, n, step, w) -> F32SoftmaxColumns.logSoftmax(a, ao, r, ro, n,
                step, w);
        lines(x, null, axis, y, columns, x.dtype() == DType.F32
                ? (a, ao, b, bo, r, ro, n, l) -> F32Softmax.logSoftmax((float[]) a, ao, (float[]) r, ro, n)
                : (a, ao, b, bo, r, ro, n, l) -> F64Softmax.logSoftmax((double[]) a, ao, (double[]) r, ro,
                n));
    }

    static void logSoftmaxGradient(View y, View dy, int axis, View dx) {
        Columns columns = (a, ao, b, bo, r, ro, n, step, w) -> {
            F32SoftmaxColumns.logSoftmaxGradient(a, ao, b, bo, r, ro, n, step, w);
            return true;
        };
        lines(y, dy, axis, dx, columns, y.dtype() == DType.F32
                ? (a, ao, b, bo, r, ro, n, l) -> F32Softmax.logSoftmaxGradient((float[]) a, ao, (float[]) b,
                bo,
                        (float[]) r, ro, n)
                : (a, ao, b, bo, r, ro, n, l) -> F64Softmax.logSoftmaxGradient((double[]) a, ao, (double[]) b,
                        bo, (double[]) r, ro, n));
    }

    static void crossEntropy(View x, int axis, View target, View loss) {
        Indexing.check("crossEntropy", target, axis, x.shape());
        View classes = Copies.contiguous(target);
        long[] at = classes.storage().i64();
        int first = classes.offset();
        View to = Copies.target(loss);
        Object out = to.storage().data();
        lines(x, null, axis, null, null, out instanceof float[] f
                ? (a, ao, b, bo, r, ro, n, l) -> f[to.offset() + l] = F32Softmax.crossEntropy((float[]) a, ao,
                        (int) at[first + l], n)
                : (a, ao, b, bo, r, ro, n, l) -> ((double[]) out)[to.offset() + l] = F64Softmax.crossEntropy(
                        (double[]) a, ao, (int) at[first + l], n));
        if (to != loss) {
            Copies.copy(to, loss);
        }
    }

    static void crossEntropyGradient(View x, int axis, View target, View dy, View dx) {
        View classes = Copies.contiguous(target);
        long[] at = classes.storage().i64();
        int first = classes.offset();
        View back = Copies.contiguous(dy);
        Object in = back.storage().data();
        lines(x, null, axis, dx, null, in instanceof float[] f
                ? (a, ao, b, bo, r, ro, n, l) -> F32Softmax.crossEntropyGradient((float[]) a, ao,
                        (int) at[first + l], f[back.offset() + l], (float[]) r, ro, n)
                : (a, ao, b, bo, r, ro, n, l) -> F64Softmax.crossEntropyGradient((double[]) a, ao,
                        (int) at[first + l], ((double[]) in)[back.offset() + l], (double[]) r, ro, n));
    }

    /// Works on all lines of one or two operands of one shape.
    ///
    /// @param columns for neighbouring lines of f32, or null
    private static void lines(View a, View b, int axis, View y, Columns columns, Work work) {
        Shape shape = a.shape();
        if (shape.elements() == 0) {
            return;
        }
        View from = Copies.contiguous(a);
        View second = b == null ? null : Copies.contiguous(b);
        View to = y == null ? null : Copies.target(y);
        int n = shape.size(axis);
        int inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            inner *= shape.size(i);
        }
        boolean beside = columns != null && inner >= NARROWEST && a.dtype() == DType.F32;
        Bands bands = new Bands(from, second, to, n, inner, work, beside ? columns : null);
        int width = inner == 1 ? 1 : Math.min(inner, beside ? F32SoftmaxColumns.width(n)
                : Math.clamp(BAND / n & -NARROWEST, NARROWEST, WIDEST));
        int across = (inner + width - 1) / width;
        int units = shape.length() / (n * inner) * across;
        int each = Math.max(1, GRAIN / (n * width));
        int tiles = (units + each - 1) / each;
        Parallel.Tile tile = t -> {
            for (int u = t * each; u < Math.min(units, (t + 1) * each); u++) {
                int column = u % across * width;
                bands.run(u / across, column, Math.min(width, bands.inner - column));
            }
        };
        if (tiles == 1) {
            tile.run(0);
        } else {
            Parallel.run(tiles, tile);
        }
        if (to != y) {
            Copies.copy(to, y);
        }
    }

    /// The operands, contiguous: [outer, n, inner].
    private record Bands(View a, View b, View y, int n, int inner, Work work, Columns columns) {
        /// Lines `column` to `column + width` of one outer index.
        void run(int outer, int column, int width) {
            int at = outer * n * inner + column;
            int line = outer * inner + column;
            if (inner == 1) {
                work.run(a.storage().data(), a.offset() + at, b == null ? null : b.storage().data(),
                        b == null ? 0 : b.offset() + at, y == null ? null : y.storage().data(),
                        y == null ? 0 : y.offset() + at, n, line);
                return;
            }
            if (columns != null && columns.run(a.storage().f32(), a.offset() + at,
                    b == null ? null : b.storage().f32(), b == null ? 0 : b.offset() + at, y.storage().f32(),
                    y.offset() + at, n, inner, width)) {
                return;
            }
            Object rows = room(0, n * width);
            Object more = b == null ? null : room(1, n * width);
            Object results = y == null ? null : room(2, n * width);
            turn(a.storage().data(), a.offset() + at, inner, rows, 0, n, n, width);
            if (b != null) {
                turn(b.storage().data(), b.offset() + at, inner, more, 0, n, n, width);
            }
            for (int j = 0; j < width; j++) {
                work.run(rows, j * n, more, j * n, results, j * n, n, line + j);
            }
            if (y != null) {
                turn(results, 0, n, y.storage().data(), y.offset() + at, inner, width, n);
            }
        }

        private Object room(int slot, int length) {
            return a.dtype() == DType.F32 ? Scratch.mine().floats(slot, length)
                    : Scratch.mine().doubles(slot, length);
        }

        /// `to[at + j·ldt + i] = from[start + i·ldf + j]` for i below rows, j below columns.
        private static void turn(Object from, int start, int ldf, Object to, int at, int ldt, int rows,
                int columns) {
            if (from instanceof float[] x) {
                F32Kernels.BEST.transpose(x, start, ldf, (float[]) to, at, ldt, rows, columns);
                return;
            }
            double[] x = (double[]) from;
            double[] y = (double[]) to;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    y[at + j * ldt + i] = x[start + i * ldf + j];
                }
            }
        }
    }
}
