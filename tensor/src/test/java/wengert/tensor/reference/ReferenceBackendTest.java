package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static wengert.tensor.reference.Given.BACKEND;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Philox;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

class ReferenceBackendTest {
    @Test
    void isFoundByTheNameOfItsDevice() {
        assertInstanceOf(ReferenceBackend.class, Device.parse("reference").backend());
        assertEquals(Device.REFERENCE, BACKEND.device());
    }

    @Test
    void hasEveryOptionalGroupAndNoOther() {
        assertSame(BACKEND, BACKEND.find(ConvKernels.class));
        assertSame(BACKEND, BACKEND.find(PoolKernels.class));
        assertSame(BACKEND, BACKEND.find(NormKernels.class));
        assertNull(BACKEND.find(Comparable.class));
    }

    @Test
    void buffersAreAsLongAsAskedFor() {
        assertEquals(3, BACKEND.allocate(DType.BOOL, 3).bool().length);
        assertEquals(3, BACKEND.allocate(DType.I32, 3).i32().length);
        assertEquals(3, BACKEND.allocate(DType.I64, 3).i64().length);
        assertEquals(3, BACKEND.allocate(DType.F32, 3).f32().length);
        assertEquals(0, BACKEND.allocate(DType.F64, 0).f64().length);
    }

    @Test
    void randomNumbersAreThoseOfPhilox() {
        View y = Given.empty(DType.F32, 5);
        BACKEND.random(RandomKind.NORMAL, 1, 2, 3, y);
        View expected = Given.empty(DType.F32, 5);
        Philox.fill(RandomKind.NORMAL, 1, 2, 3, expected);
        assertArrayEquals(expected.storage().f32(), y.storage().f32());
        assertEquals(Shape.of(5), y.shape());
    }
}
