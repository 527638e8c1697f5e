package wengert.tensor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Conv2dGeometryTest {
    private static Conv2dGeometry along(int stride, int pad, int dilation) {
        return new Conv2dGeometry(stride, stride, pad, pad, dilation, dilation, 1);
    }

    @ParameterizedTest
    @CsvSource({"3,4,2,0,1", "2,4,2,0,1", "3,4,3,0,1", "6,3,2,0,3", "5,3,2,0,3"})
    void aWindowLargerThanTheInputIsRefusedAndNotRoundedToOne(int in, int kernel, int stride, int pad,
            int dilation) {
        Conv2dGeometry g = along(stride, pad, dilation);
        int span = dilation * (kernel - 1) + 1;
        for (var e : new ShapeException[] {assertThrows(ShapeException.class, () -> g.outH(in, kernel)),
            assertThrows(ShapeException.class, () -> g.outW(in, kernel))}) {
            assertTrue(e.getMessage().contains(" " + in + " with padding " + pad), e.getMessage());
            assertTrue(e.getMessage().contains("spans " + span), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"3,4,2,1,1,1", "7,3,2,0,3,1", "28,4,2,1,1,14", "14,4,2,1,1,7", "7,4,2,1,1,3", "3,4,2,1,1,1",
        "8,3,3,1,2,2"})
    void sizesRoundDown(int in, int kernel, int stride, int pad, int dilation, int out) {
        Conv2dGeometry g = along(stride, pad, dilation);
        assertEquals(out, g.outH(in, kernel));
        assertEquals(out, g.outW(in, kernel));
        long natural = g.naturalH(out, kernel);
        assertTrue(natural <= in && in < natural + stride, "natural size " + natural);
        assertEquals(natural, g.naturalW(out, kernel));
    }

    @Test
    void heightAndWidthDoNotMix() {
        var g = new Conv2dGeometry(3, 2, 1, 0, 2, 1, 2);
        assertEquals(2, g.outH(8, 3));
        assertEquals(3, g.outW(7, 2));
    }

    @Test
    void meaninglessNumbersAreRefused() {
        assertThrows(ShapeException.class, () -> new Conv2dGeometry(0, 1, 0, 0, 1, 1, 1));
        assertThrows(ShapeException.class, () -> new Conv2dGeometry(1, 1, 0, -1, 1, 1, 1));
        assertThrows(ShapeException.class, () -> new Conv2dGeometry(1, 1, 0, 0, 1, 0, 1));
        assertThrows(ShapeException.class, () -> new Conv2dGeometry(1, 1, 0, 0, 1, 1, 0));
        assertThrows(ShapeException.class, () -> Conv2dGeometry.of(1, 0).outH(3, 0));
        assertThrows(ShapeException.class, () -> Conv2dGeometry.of(1, 0).outH(Integer.MAX_VALUE, -1));
    }
}
