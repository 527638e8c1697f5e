package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ShapeException;

class InPlaceTest {
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void eachChangeComputesAndIsCountedUnderItsName(String device) {
        Tensor y = Tensor.of(new double[] {1, -2, 4}, 3).to(Device.parse(device));
        Tensor x = Tensor.of(new double[] {3, 3, 3}, 3).to(Device.parse(device));

        assertArrayEquals(new double[] {2.5, 1, 4}, y.inPlace("a").combine(0.5, 0, y).inPlace("b").combine(1,
                2, x)
                .inPlace("c").combine(1, -4, Tensor.full(1, DType.F64, y.device(),
                y.shape())).toDoubleArray());
        assertArrayEquals(new double[] {3, 3, 4}, y.inPlace("d").max(x).toDoubleArray());
        assertArrayEquals(new double[] {3.5, 3.5, 4}, y.inPlace("e").clamp(3.5, 9).toDoubleArray());
        assertArrayEquals(new double[] {4.5, 4.5, 5}, y.inPlace("f").add(1).toDoubleArray());
        assertArrayEquals(new double[] {9, 9, 10}, y.inPlace("g").mul(2).toDoubleArray());
        assertArrayEquals(new double[] {3, 3, 3}, y.inPlace("h").copy(x).toDoubleArray());
        assertEquals("h", y.view().storage().modifiedBy());
        assertEquals(8, y.view().storage().version());
    }

    @Test
    void combineInF32IsRoundedOnce() {
        float a = 1 + 0x1p-23f;
        Tensor y = Tensor.of(new float[] {a}, 1);
        y.inPlace("t").combine(0.9, 0.1, Tensor.of(new float[] {-3}, 1));
        assertEquals((float) (0.9 * a - 0.1 * 3), y.item());
    }

    @Test
    void anOperandThatSharesTheBufferIsReadAsItWas() {
        Tensor y = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        y.addInPlace(y.flip(0));
        assertArrayEquals(new float[] {5, 5, 5, 5}, y.toFloatArray());
        Tensor m = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        m.inPlace("test").combine(1, 10, m.transpose(0, 1));
        assertArrayEquals(new float[] {11, 32, 23, 44}, m.toFloatArray());
        Tensor row = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        row.slice(0, 1, 4, 1).copyInPlace(row.slice(0, 0, 3, 1));
        assertArrayEquals(new float[] {1, 1, 2, 3}, row.toFloatArray());
        row.addInPlace(row);
        assertArrayEquals(new float[] {2, 2, 4, 6}, row.toFloatArray());
    }

    @Test
    void integersTakeWholeNumbersOnly() {
        Tensor n = Tensor.of(new long[] {5});
        assertEquals(6, n.inPlace("count").add(1).item());
        assertThrows(DTypeException.class, () -> n.inPlace("count").add(0.5));
        assertThrows(DTypeException.class, () -> n.inPlace("count").combine(1, 1, n));
        assertEquals(1, n.view().storage().version());
    }

    @Test
    void whatCannotBeWrittenOrDoesNotFitIsRefusedUnchanged() {
        Tensor y = Tensor.ones(2, 2);
        Tensor wide = Tensor.ones(1, 2).expand(2, 2);
        assertTrue(assertThrows(ShapeException.class, () -> wide.inPlace("Adam.step").combine(1, 1,
                y)).getMessage()
                .startsWith("Adam.step: this view of shape [2,2] overlaps itself"));
        assertEquals("Adam.step: expected a tensor of shape [2,2], got [2]; in-place operands do not "
                + "broadcast", assertThrows(ShapeException.class,
                () -> y.inPlace("Adam.step").combine(1, 1, Tensor.ones(2))).getMessage());
        assertEquals("Adam.step: both must have one dtype, got f32 [2,2] and f64 [2,2]", assertThrows(
                DTypeException.class, () -> y.inPlace("Adam.step").max(y.to(DType.F64))).getMessage());
        assertEquals(0, y.view().storage().version());
    }
}
