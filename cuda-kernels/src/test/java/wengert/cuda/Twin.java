package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// The same numbers under the same strides on two backends: the reference, and the card.
///
/// @param expected of the reference
/// @param actual   on the card
record Twin(View expected, View actual) {
    /// How a view lies on its storage.
    enum Layout {
        /// row-major from 0
        PLAIN,
        /// row-major from an odd offset
        OFFSET,
        /// axes in reverse order, the last one walked backwards
        TRANSPOSED,
        /// every second element of each axis
        STEPS,
        /// the first axis repeated
        REPEATED
    }

    static Backend reference() {
        return Device.REFERENCE.backend();
    }

    /// The software driver's card.
    static Backend card() {
        EmulatedDriver.require();
        return Device.cuda(0).backend();
    }

    /// Random numbers in [-range, range]; whole ones for integers.
    static Twin random(Random r, DType dtype, Layout layout, double range, int... sizes) {
        return random(r, dtype, layout, v -> v * range, sizes);
    }

    /// Functions of random numbers in [-1, 1].
    static Twin random(Random r, DType dtype, Layout layout, DoubleUnaryOperator f, int... sizes) {
        int rank = sizes.length;
        int[] reversed = new int[rank];
        int[] order = new int[rank];
        int[] wide = new int[rank];
        for (int a = 0; a < rank; a++) {
            order[a] = rank - 1 - a;
            reversed[a] = sizes[rank - 1 - a];
            wide[a] = 2 * sizes[a];
        }
        Shape shape = Shape.of(sizes);
        Layout here = rank == 0 && layout != Layout.OFFSET ? Layout.PLAIN : layout;
        Shape base = switch (here) {
            case PLAIN -> shape;
            case OFFSET -> Shape.of(shape.length() + 3);
            case TRANSPOSED -> Shape.of(reversed);
            case STEPS -> Shape.of(wide);
            case REPEATED -> shape.with(0, 1);
        };
        double[] numbers = new double[base.length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = f.applyAsDouble(2 * r.nextDouble() - 1);
        }
        Twin whole = of(dtype, numbers, base.toArray());
        return whole.view(v -> switch (here) {
            case PLAIN -> v;
            case OFFSET -> v.slice(0, 3, 1, shape.length()).reshape(shape);
            case TRANSPOSED -> v.permute(order).flip(rank - 1);
            case STEPS -> {
                View every = v;
                for (int a = 0; a < rank; a++) {
                    every = every.slice(a, 0, 2, sizes[a]);
                }
                yield every;
            }
            case REPEATED -> v.expand(shape);
        });
    }

    /// Outputs: their content is noise, to show that every element is written.
    static Twin output(Random r, DType dtype, Layout layout, int... sizes) {
        return random(r, dtype, layout == Layout.REPEATED ? Layout.TRANSPOSED : layout, 77, sizes);
    }

    /// A contiguous twin of given numbers.
    static Twin of(DType dtype, double[] numbers, int... sizes) {
        Storage s = reference().allocate(dtype, numbers.length);
        for (int i = 0; i < numbers.length; i++) {
            switch (dtype) {
                case BOOL -> s.bool()[i] = (byte) (numbers[i] != 0 ? 1 : 0);
                case I32 -> s.i32()[i] = (int) numbers[i];
                case I64 -> s.i64()[i] = (long) numbers[i];
                case F32 -> s.f32()[i] = (float) numbers[i];
                case F64 -> s.f64()[i] = numbers[i];
            }
        }
        View host = View.of(s, Shape.of(sizes));
        View there = View.of(card().allocate(dtype, numbers.length), Shape.of(sizes));
        card().copy(host, there);
        return new Twin(host, there);
    }

    /// The same view of both.
    Twin view(UnaryOperator<View> how) {
        return new Twin(how.apply(expected), how.apply(actual));
    }

    View of(boolean onCard) {
        return onCard ? actual : expected;
    }

    /// The elements of a view in row-major order.
    static double[] numbers(View v) {
        double[] d = new double[v.shape().length()];
        View host = View.of(reference().allocate(v.dtype(), d.length), v.shape());
        v.storage().device().backend().copy(v, host);
        Storage s = host.storage();
        for (int i = 0; i < d.length; i++) {
            d[i] = switch (v.dtype()) {
                case BOOL -> s.bool()[i];
                case I32 -> s.i32()[i];
                case I64 -> s.i64()[i];
                case F32 -> s.f32()[i];
                case F64 -> s.f64()[i];
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
