package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// Short forms for the tests of operators.
final class Expect {
    private Expect() {
    }

    /// An f64 vector.
    static Tensor vector(double... values) {
        return Tensor.of(values, values.length);
    }

    static void values(Tensor t, double... expected) {
        assertArrayEquals(expected, t.toDoubleArray(), 1e-12);
    }

    static void truths(Tensor t, boolean... expected) {
        assertEquals(DType.BOOL, t.dtype());
        assertArrayEquals(expected, t.toBooleanArray());
    }

    static void form(Tensor t, DType dtype, int... sizes) {
        assertEquals(dtype, t.dtype());
        assertEquals(Shape.of(sizes), t.shape());
    }

    /// The message of what is thrown must contain all parts.
    static void refused(Executable code, String... parts) {
        String message = assertThrows(TensorException.class, code).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
    }
}
