package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.TensorException;

/// Tensors with given numbers, and what the tests of the operators ask of them.
final class Numbers {
    private Numbers() {
    }

    /// f64, element i in row-major order `((p·i) mod m − s) / d`.
    static Tensor ramp(String device, int p, int m, int s, double d, int... sizes) {
        int n = 1;
        for (int size : sizes) {
            n *= size;
        }
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = ((long) p * i % m - s) / d;
        }
        return Tensor.of(values, sizes).to(Device.parse(device));
    }

    /// f64 0, 1, 2, ….
    static Tensor count(int... sizes) {
        return ramp("reference", 1, Integer.MAX_VALUE, 0, 1, sizes);
    }

    static Tensor zeros(int... sizes) {
        return Tensor.zeros(sizes).to(DType.F64).to(Device.REFERENCE);
    }

    static Tensor vector(double... values) {
        return Tensor.of(values, values.length).to(Device.REFERENCE);
    }

    static double element(Tensor x, int... index) {
        Tensor y = x;
        for (int i : index) {
            y = y.select(0, i);
        }
        return y.item();
    }

    static void assertValues(Tensor x, double... expected) {
        assertArrayEquals(expected, x.toDoubleArray(), 1e-12);
    }

    static void assertShape(Tensor x, int... sizes) {
        assertArrayEquals(sizes, x.shape().toArray());
    }

    static void assertSameBits(Tensor expected, Tensor got) {
        assertEquals(expected.shape(), got.shape());
        assertTrue(expected.sameBits(got), () -> "expected " + expected + "\ngot " + got);
    }

    static void assertNear(Tensor expected, Tensor got, double tolerance) {
        assertEquals(expected.shape(), got.shape());
        assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), tolerance);
    }

    /// What is thrown belongs to this library and its message contains all parts.
    static void assertRefused(Executable code, String... parts) {
        String message = assertThrows(TensorException.class, code).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
    }
}
