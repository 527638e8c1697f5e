package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Views with given numbers, and their numbers again, by index arithmetic of its own.
final class Given {
    static final ReferenceBackend BACKEND = new ReferenceBackend();

    private Given() {
    }

    static View empty(DType dtype, int... sizes) {
        Shape shape = Shape.of(sizes);
        return View.of(BACKEND.allocate(dtype, shape.length()), shape);
    }

    static View view(DType dtype, Shape shape, double... values) {
        View y = empty(dtype, shape.toArray());
        assertEquals(shape.length(), values.length);
        Storage s = y.storage();
        for (int i = 0; i < values.length; i++) {
            switch (dtype) {
                case BOOL -> s.bool()[i] = (byte) values[i];
                case I32 -> s.i32()[i] = (int) values[i];
                case I64 -> s.i64()[i] = (long) values[i];
                case F32 -> s.f32()[i] = (float) values[i];
                case F64 -> s.f64()[i] = values[i];
            }
        }
        return y;
    }

    /// A vector of f64.
    static View f64(double... values) {
        return view(DType.F64, Shape.of(values.length), values);
    }

    /// A vector of i64.
    static View i64(long... values) {
        View y = empty(DType.I64, values.length);
        System.arraycopy(values, 0, y.storage().i64(), 0, values.length);
        return y;
    }

    /// Element i in row-major order is `((p·i) mod m − s) / d`.
    static View ramp(DType dtype, Shape shape, int p, int m, int s, double d) {
        double[] values = new double[shape.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (p * i % m - s) / d;
        }
        return view(dtype, shape, values);
    }

    /// The elements in row-major order.
    static double[] values(View x) {
        double[] values = new double[x.shape().length()];
        int[] sizes = x.shape().toArray();
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            int at = x.offset();
            for (int a = sizes.length - 1; a >= 0; a--) {
                at += rest % sizes[a] * x.stride(a);
                rest /= sizes[a];
            }
            Storage s = x.storage();
            values[i] = switch (x.dtype()) {
                case BOOL -> s.bool()[at];
                case I32 -> s.i32()[at];
                case I64 -> s.i64()[at];
                case F32 -> s.f32()[at];
                case F64 -> s.f64()[at];
            };
        }
        return values;
    }

    /// One element.
    static double at(View x, int... index) {
        int i = 0;
        for (int a = 0; a < index.length; a++) {
            i = i * x.shape().size(a) + index[a];
        }
        return values(x)[i];
    }

    static double sum(View x) {
        double sum = 0;
        for (double v : values(x)) {
            sum += v;
        }
        return sum;
    }

    static double dot(View x, View y) {
        double[] a = values(x);
        double[] b = values(y);
        assertEquals(a.length, b.length);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
