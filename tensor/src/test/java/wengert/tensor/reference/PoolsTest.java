package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.dot;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.ramp;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

class PoolsTest {
    private static double[] indices(View x, int r, int s, Conv2dGeometry g) {
        View y = empty(DType.I64, x.shape().size(0), x.shape().size(1), g.outH(x.shape().size(2), r),
                g.outW(x.shape().size(3), s));
        BACKEND.maxPool2dIndices(x, r, s, g, y);
        return values(y);
    }

    private static View average(View x, int r, int s, Conv2dGeometry g) {
        View y = empty(x.dtype(), x.shape().size(0), x.shape().size(1), g.outH(x.shape().size(2), r),
                g.outW(x.shape().size(3), s));
        BACKEND.avgPool2d(x, r, s, g, y);
        return y;
    }

    @Test
    void windowsThatReachIntoThePadding() {
        View x = view(DType.F64, Shape.of(1, 1, 1, 4), 1, 2, 3, 4);
        var g = new Conv2dGeometry(1, 3, 0, 1, 1, 1, 1);
        assertArrayEquals(new double[] {0.5, 3.5}, values(average(x, 1, 2, g)));
        assertArrayEquals(new double[] {0, 3}, indices(x, 1, 2, g)); // values 1 and 4
    }

    @Test
    void paddingNeverWins() {
        View x = view(DType.F64, Shape.of(1, 1, 2, 2), -4, -3, -2, -1);
        var g = Conv2dGeometry.of(1, 1);
        assertArrayEquals(new double[] {0, 1, 1, 2, 3, 3, 2, 3, 3}, indices(x, 2, 2, g));
        View lowest = view(DType.F64, Shape.of(1, 1, 1, 1), Double.NEGATIVE_INFINITY);
        assertArrayEquals(new double[] {0, 0, 0, 0}, indices(lowest, 2, 2, g));
    }

    @Test
    void firstOfEqualsAndNaNWin() {
        View x = view(DType.F32, Shape.of(1, 1, 2, 4), 5, 5, Double.NaN, 9, 5, 1, 8, Double.NaN);
        assertArrayEquals(new double[] {0, 2}, indices(x, 2, 2, Conv2dGeometry.of(2, 0)));
    }

    @Test
    void indicesCountInTheViewAndNotInItsBuffer() {
        View x = ramp(DType.F64, Shape.of(1, 2, 3, 4), 7, 24, 0, 1);
        View flipped = x.flip(2, 3);
        View packed = empty(DType.F64, 1, 2, 3, 4);
        BACKEND.copy(flipped, packed);
        var g = new Conv2dGeometry(1, 2, 0, 0, 1, 1, 1);
        assertArrayEquals(indices(packed, 2, 2, g), indices(flipped, 2, 2, g));
        assertArrayEquals(values(average(packed, 2, 2, g)), values(average(flipped, 2, 2, g)));
        View dilated = view(DType.F64, Shape.of(1, 1, 1, 5), 1, 9, 2, 8, 0);
        assertArrayEquals(new double[] {2, 1, 2},
                indices(dilated, 1, 2, new Conv2dGeometry(1, 1, 0, 0, 1, 2, 1)));
    }

    @Test
    void anIntegerMaximumNeedsNoFloats() {
        assertArrayEquals(new double[] {3}, indices(view(DType.I32, Shape.of(1, 1, 2, 2), 1, 2, 3, 4), 2, 2,
                Conv2dGeometry.of(2, 0)));
    }

    @Test
    void aWindowOfNothingButPaddingIsRefused() {
        View x = view(DType.F64, Shape.of(1, 1, 1, 1), 3);
        var e = assertThrows(ShapeException.class, () -> indices(x, 1, 1, Conv2dGeometry.of(1, 1)));
        String expected = "maxPool2d: window (0,0) of 1x1 lies in the padding";
        assertTrue(e.getMessage().startsWith(expected), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2,2,2,2,0,0,1,1", "3,2,1,2,1,1,1,1", "2,3,3,1,0,2,2,1", "3,3,2,2,1,1,1,2"})
    void averageGradientIsTheTranspose(int r, int s, int sh, int sw, int ph, int pw, int dh, int dw) {
        var g = new Conv2dGeometry(sh, sw, ph, pw, dh, dw, 1);
        View x = ramp(DType.F64, Shape.of(2, 3, 7, 8), 11, 31, 15, 8);
        View y = average(x, r, s, g);
        View dy = ramp(DType.F64, y.shape(), 5, 23, 11, 8).flip(3);
        View dx = empty(DType.F64, 2, 3, 7, 8);
        BACKEND.fill(dx, 7);
        BACKEND.avgPool2dGradient(dy, r, s, g, dx);
        assertEquals(dot(y, dy), dot(x, dx), 1e-10);
    }

    @Test
    void averageOfARamp() {
        View x = ramp(DType.F64, Shape.of(1, 1, 7, 7), 1, 100, 0, 1);
        assertArrayEquals(new double[] {4, 7, 25, 28}, values(average(x, 2, 2, Conv2dGeometry.of(3, 0))));
        View dx = empty(DType.F64, 1, 1, 3, 3);
        BACKEND.fill(dx, 7);
        View dy = view(DType.F64, Shape.of(1, 1, 1, 1), 8);
        BACKEND.avgPool2dGradient(dy, 2, 2, Conv2dGeometry.of(2, 0), dx);
        assertArrayEquals(new double[] {2, 2, 0, 2, 2, 0, 0, 0, 0}, values(dx));
    }

    @Test
    void anEmptyBatch() {
        View x = empty(DType.F64, 0, 3, 4, 4);
        assertEquals(Shape.of(0, 3, 2, 2), average(x, 2, 2, Conv2dGeometry.of(2, 0)).shape());
        assertEquals(0, indices(x, 2, 2, Conv2dGeometry.of(2, 0)).length);
    }
}
