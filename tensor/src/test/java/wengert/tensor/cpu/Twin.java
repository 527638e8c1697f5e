package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// The same numbers under the same strides on two backends: the reference, and the one under test.
record Twin(View expected, View actual) {
    static final Backend REFERENCE = Device.REFERENCE.backend();
    static final Backend CPU = Device.CPU.backend();

    /// How a view lies on its storage.
    enum Layout {
        /// row-major from 0
        PLAIN,
        /// row-major from an odd offset
        OFFSET,
        /// some axes permuted, walked backwards or in steps
        ODD,
        /// as ODD, and some axes repeated
        REPEATED
    }

    /// Random numbers in [-range, range]; whole ones for integers.
    static Twin random(Random r, DType dtype, Layout layout, double range, int... sizes) {
        int rank = sizes.length;
        int[] order = new int[rank];
        int[] step = new int[rank];
        int[] base = new int[rank];
        boolean[] back = new boolean[rank];
        for (int a = 0; a < rank; a++) {
            order[a] = a;
            boolean odd = layout == Layout.ODD || layout == Layout.REPEATED;
            step[a] = odd && r.nextInt(4) == 0 ? 2 : 1;
            back[a] = odd && r.nextInt(4) == 0;
            base[a] = layout == Layout.REPEATED && r.nextInt(3) == 0 ? 1 : sizes[a];
        }
        if (layout == Layout.ODD || layout == Layout.REPEATED) {
            for (int a = rank - 1; a > 0; a--) {
                int b = r.nextInt(a + 1);
                int swap = order[a];
                order[a] = order[b];
                order[b] = swap;
            }
        }
        int extra = layout == Layout.PLAIN ? 0 : 3;
        // axis order[i] of the view is axis i of the buffer
        int[] buffer = new int[rank];
        int[] inverse = new int[rank];
        int n = 1;
        for (int i = 0; i < rank; i++) {
            buffer[i] = base[order[i]] * step[order[i]];
            inverse[order[i]] = i;
            n *= buffer[i];
        }
        double[] numbers = new double[n + extra];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (dtype) {
                case BOOL -> r.nextInt(2);
                case I32, I64 -> r.nextInt((int) (2 * range) + 1) - (int) range;
                case F32 -> (float) ((r.nextDouble() * 2 - 1) * range);
                case F64 -> (r.nextDouble() * 2 - 1) * range;
            };
        }
        View[] views = new View[2];
        for (int side = 0; side < 2; side++) {
            Backend backend = side == 0 ? REFERENCE : CPU;
            Storage s = backend.allocate(dtype, n + extra);
            for (int i = 0; i < numbers.length; i++) {
                put(s, i, numbers[i]);
            }
            View v = View.of(s, Shape.of(n + extra)).slice(0, extra, 1, n).reshape(Shape.of(buffer));
            for (int i = 0; i < rank; i++) {
                int a = order[i];
                v = v.slice(i, 0, step[a], base[a]);
                if (back[a]) {
                    v = v.flip(i);
                }
            }
            v = rank == 0 ? v : v.permute(inverse);
            views[side] = v.expand(Shape.of(sizes));
        }
        return new Twin(views[0], views[1]);
    }

    /// Outputs: their content is noise, to show that every element is written.
    static Twin output(Random r, DType dtype, Layout layout, int... sizes) {
        return random(r, dtype, layout == Layout.REPEATED ? Layout.ODD : layout, 77, sizes);
    }

    /// A contiguous twin of given numbers.
    static Twin of(DType dtype, double[] numbers, int... sizes) {
        View[] views = new View[2];
        for (int side = 0; side < 2; side++) {
            Storage s = (side == 0 ? REFERENCE : CPU).allocate(dtype, numbers.length);
            for (int i = 0; i < numbers.length; i++) {
                put(s, i, numbers[i]);
            }
            views[side] = View.of(s, Shape.of(sizes));
        }
        return new Twin(views[0], views[1]);
    }

    private static void put(Storage s, int at, double value) {
        switch (s.dtype()) {
            case BOOL -> s.bool()[at] = (byte) (value != 0 ? 1 : 0);
            case I32 -> s.i32()[at] = (int) value;
            case I64 -> s.i64()[at] = (long) value;
            case F32 -> s.f32()[at] = (float) value;
            case F64 -> s.f64()[at] = value;
        }
    }

    /// The elements of a view in row-major order.
    static double[] numbers(View v) {
        double[] d = new double[v.shape().length()];
        int[] sizes = v.shape().toArray();
        int[] strides = v.strides();
        for (int i = 0; i < d.length; i++) {
            int at = v.offset();
            int rest = i;
            for (int a = sizes.length - 1; a >= 0; a--) {
                at += rest % sizes[a] * strides[a];
                rest /= sizes[a];
            }
            d[i] = switch (v.dtype()) {
                case BOOL -> v.storage().bool()[at];
                case I32 -> v.storage().i32()[at];
                case I64 -> v.storage().i64()[at];
                case F32 -> v.storage().f32()[at];
                case F64 -> v.storage().f64()[at];
            };
        }
        return d;
    }

    /// Both sides hold the same numbers, bit for bit (but for the kind of NaN).
    void assertSame(String what) {
        double[] e = numbers(expected);
        double[] a = numbers(actual);
        for (int i = 0; i < e.length; i++) {
            int at = i;
            assertEquals(e[i], a[i], () -> what + " at " + at + " of " + expected);
        }
    }

    /// Both sides agree to `ulps` units in the last place of the expected number, or to `floor`.
    void assertClose(String what, double ulps, double floor) {
        double[] e = numbers(expected);
        double[] a = numbers(actual);
        for (int i = 0; i < e.length; i++) {
            if (Double.compare(e[i], a[i]) == 0 || e[i] == a[i]) {
                continue;
            }
            double unit = expected.dtype() == DType.F32 ? Math.ulp((float) e[i]) : Math.ulp(e[i]);
            double error = Math.abs(e[i] - a[i]);
            int at = i;
            assertTrue(error <= Math.max(ulps * unit, floor), () -> what + " at " + at + " of " + expected
                    + ": expected " + e[at] + ", got " + a[at] + ", " + error / unit + " ulp, floor "
                    + floor);
        }
    }
}
