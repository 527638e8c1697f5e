package wengert.tensor.cpu;

import java.util.Arrays;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Copies between layouts and kinds of number, and fills.
final class Copies {
    /// Fewest elements worth a thread.
    private static final int GRAIN = 32_768;

    private Copies() {
    }

    /// y = x, converted to y's dtype.
    static void copy(View x, View y) {
        Walk from = Walk.of(x);
        Walk to = Walk.of(y);
        Object a = x.storage().data();
        Object b = y.storage().data();
        int n = to.length();
        if (x.dtype() != y.dtype()) {
            convert(from, a, x.dtype(), to, b, y.dtype());
        } else if (to.contiguous()) {
            if (a instanceof float[] fa && Transposes.copy(from, fa, to, (float[]) b)) {
                return;
            }
            Parallel.ranges(n, GRAIN, (i, end) -> from.load(a, i, end - i, b, to.offset() + i));
        } else if (from.contiguous()) {
            Parallel.ranges(n, GRAIN, (i, end) -> to.store(a, from.offset() + i, end - i, b, i));
        } else {
            convert(from, a, x.dtype(), to, b, y.dtype());
        }
    }

    private static void convert(Walk from, Object a, DType in, Walk to, Object b, DType out) {
        Parallel.ranges(to.length(), GRAIN, (start, end) -> {
            Scratch scratch = Scratch.mine();
            Object x = scratch.block(0, in);
            Object y = in == out ? x : scratch.block(1, out);
            for (int i = start; i < end; i += Scratch.BLOCK) {
                int count = Math.min(Scratch.BLOCK, end - i);
                from.load(a, i, count, x, 0);
                if (x != y) {
                    Cast.block(x, y, count, scratch);
                }
                to.store(y, 0, count, b, i);
            }
        });
    }

    /// Every element of y becomes `value`, converted as by [#copy] from f64.
    static void fill(View y, double value) {
        Walk to = Walk.of(y);
        Object b = y.storage().data();
        Object one = y.dtype().array(1);
        Cast.block(new double[] {value}, one, 1, Scratch.mine());
        if (to.contiguous()) {
            Parallel.ranges(to.length(), GRAIN, (i, end) -> fill(b, to.offset() + i, to.offset() + end, one));
            return;
        }
        Walk same = Walk.of(new int[] {to.length()}, new int[] {0}, 0);
        convert(same, one, y.dtype(), to, b, y.dtype());
    }

    private static void fill(Object array, int from, int to, Object one) {
        switch (array) {
            case float[] y -> Arrays.fill(y, from, to, ((float[]) one)[0]);
            case double[] y -> Arrays.fill(y, from, to, ((double[]) one)[0]);
            case int[] y -> Arrays.fill(y, from, to, ((int[]) one)[0]);
            case long[] y -> Arrays.fill(y, from, to, ((long[]) one)[0]);
            case byte[] y -> Arrays.fill(y, from, to, ((byte[]) one)[0]);
            default -> throw new IllegalArgumentException("fill: " + array.getClass());
        }
    }

    /// The view itself if it is contiguous, else a contiguous copy of it.
    static View contiguous(View x) {
        if (x.isContiguous()) {
            return x;
        }
        View y = temporary(x.dtype(), x.shape(), x.storage());
        copy(x, y);
        return y;
    }

    /// Where a kernel that writes row-major output writes: `y` itself if it is contiguous, else a temporary
    /// that the caller copies to y afterwards.
    static View target(View y) {
        return y.isContiguous() ? y : temporary(y.dtype(), y.shape(), y.storage());
    }

    private static View temporary(DType dtype, Shape shape, Storage like) {
        int n = shape.length();
        return View.of(new Storage(like.device(), dtype, n, dtype.array(n)), shape);
    }
}
