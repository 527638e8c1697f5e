package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.TensorException;

/// Short forms for the tests of this module.
final class Values {
    private Values() {
    }

    /// An f64 leaf [n] that requires a gradient.
    static Variable leaf(double... values) {
        return Variable.of(Tensor.of(values, values.length)).requiresGrad(true);
    }

    static Variable scalar(double value) {
        return Variable.of(Tensor.of(new double[] {value})).requiresGrad(true);
    }

    static void assertGrad(Variable v, double... expected) {
        assertNotNull(v.grad(), "no gradient");
        assertValue(v.grad(), expected);
    }

    static void assertValue(Tensor t, double... expected) {
        assertArrayEquals(expected, t.toDoubleArray(), 1e-12);
    }

    /// The message of what is thrown must contain all parts.
    static void assertRefused(Executable code, String... parts) {
        String message = assertThrows(TensorException.class, code).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
        assertEquals(message, message.strip());
    }
}
