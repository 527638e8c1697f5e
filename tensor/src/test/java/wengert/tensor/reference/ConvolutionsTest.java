package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.at;
import static wengert.tensor.reference.Given.dot;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.ramp;
import static wengert.tensor.reference.Given.sum;
import static wengert.tensor.reference.Given.values;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// The exact values come from a table of published failures of other libraries, computed apart.
class ConvolutionsTest {
    private static View conv(View x, View w, Conv2dGeometry g) {
        int p = g.outH(x.shape().size(2), w.shape().size(2));
        int q = g.outW(x.shape().size(3), w.shape().size(3));
        View y = empty(x.dtype(), x.shape().size(0), w.shape().size(0), p, q);
        BACKEND.conv2d(x, w, g, y);
        return y;
    }

    private static View data(View dy, View w, Conv2dGeometry g, View like) {
        View dx = filled(like);
        BACKEND.conv2dDataGradient(dy, w, g, dx);
        return dx;
    }

    private static View weight(View x, View dy, Conv2dGeometry g, View like) {
        View dw = filled(like);
        BACKEND.conv2dWeightGradient(x, dy, g, dw);
        return dw;
    }

    /// A packed output full of sevens, so that an element left out shows.
    private static View filled(View like) {
        View y = empty(like.dtype(), like.shape().toArray());
        BACKEND.fill(y, 7);
        return y;
    }

    private static View timesTwo(View x) {
        View y = empty(x.dtype(), x.shape().toArray());
        BACKEND.unary(UnaryKind.MUL, 2, 0, x, y);
        return y;
    }

    private static View packed(View x) {
        View y = empty(x.dtype(), x.shape().toArray());
        BACKEND.copy(x, y);
        return y;
    }

    private static double[] row(View x, int from, int to) {
        return Arrays.copyOfRange(values(x), from, to);
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void transposedWithGroupsDilationAndOutputPadding(DType dtype) {
        View x = ramp(dtype, Shape.of(2, 4, 2, 2), 5, 13, 6, 4);
        View w = ramp(dtype, Shape.of(4, 2, 3, 3), 7, 11, 5, 4);
        View bias = Given.view(dtype, Shape.of(1, 4, 1, 1), 0.5, -0.5, 1, -1);
        var g = new Conv2dGeometry(2, 2, 1, 1, 2, 2, 2);
        View y = data(x, w, g, empty(dtype, 2, 4, 6, 6)); // natural size 5, one more by output padding
        BACKEND.binary(BinaryKind.ADD, 0, 0, y, bias.expand(y.shape()), y);
        assertEquals(-5.125, sum(y));
        assertEquals(408.46875, dot(y, y));
        assertEquals(-0.5, at(y, 0, 1, 2, 3));
        assertEquals(1, at(y, 1, 2, 4, 1));
        assertEquals(-2.3125, at(y, 1, 3, 5, 5));
        assertArrayEquals(new double[] {0.5, -1.5, 0.5, 0.3125, 0.5, 1.6875}, row(y, 30, 36));
        View up = ramp(dtype, y.shape(), 3, 7, 3, 2);
        View dx = conv(up, w, g);
        assertEquals(x.shape(), dx.shape());
        assertEquals(-10.75, sum(dx));
        assertEquals(282.625, dot(dx, dx));
        assertEquals(-1.75, at(dx, 0, 2, 1, 0));
        View dw = weight(up, x, g, w);
        assertEquals(-1.625, sum(dw));
        assertEquals(492.796875, dot(dw, dw));
        assertEquals(2.625, at(dw, 1, 0, 2, 2));
        assertEquals(1, at(dw, 3, 1, 0, 1));
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void strideThatLeavesARemainder(DType dtype) {
        View x = ramp(dtype, Shape.of(1, 2, 8, 7), 5, 17, 8, 4);
        View w = ramp(dtype, Shape.of(4, 1, 3, 2), 7, 11, 5, 4);
        var g = new Conv2dGeometry(3, 2, 1, 0, 2, 1, 2);
        View y = conv(x, w, g);
        assertEquals(Shape.of(1, 4, 2, 3), y.shape());
        assertArrayEquals(new double[] {-0.0625, 3.75, 0.125, 1.875, -3.625, 1.5}, row(y, 0, 6));
        assertArrayEquals(new double[] {-0.125, 0.3125, -1.375, -3.125, 0.125, 5.5}, row(y, 18, 24));
        View up = ramp(dtype, y.shape(), 3, 7, 3, 2);
        View dx = data(up, w, g, x);
        assertEquals(-1.375, sum(dx));
        assertEquals(61.609375, dot(dx, dx));
        assertArrayEquals(new double[] {0.25, -1.5, 1.5, -1.125, -0.75, 1.875, 0}, row(dx, 7, 14));
        assertArrayEquals(new double[] {-1.125, 0.375, 1.875, 0.375, 0.5, -0.5, 0}, row(dx, 84, 91));
        for (int i = 0; i < 112; i++) {
            int h = i / 7 % 8;
            if (h == 0 || h == 5 || h == 7 || i % 7 == 6) {
                assertEquals(0, values(dx)[i], "no window touches row " + h + ", column " + i % 7);
            }
        }
        View dw = weight(x, up, g, w);
        assertArrayEquals(new double[] {2.5, -2.375, 3.375, -1.5, 3.125, -1.75}, row(dw, 0, 6));
        assertArrayEquals(new double[] {1.125, -5.25, 3.375, 1.875, -2.75, 2.125}, row(dw, 18, 24));
        View second = weight(timesTwo(dx), up, g, w); // d/dw Σ dx²
        assertArrayEquals(new double[] {-10.125, 2.25, -0.75, 12.375, 4.875, -2.625}, row(second, 0, 6));
        assertArrayEquals(new double[] {-0.75, -8.25, 2.625, -4.875, -12.375, 0.75}, row(second, 18, 24));
    }

    @Test
    void stridedOperandsGiveTheBitsOfPackedOnes() {
        View x = ramp(DType.F64, Shape.of(1, 2, 3, 4), 1, 24, 0, 10);
        View k = ramp(DType.F64, Shape.of(2, 3, 2, 2), 5, 13, 6, 4);
        View w = k.permute(1, 0, 2, 3);
        Conv2dGeometry g = Conv2dGeometry.of(1, 0);
        View y = conv(x, w, g);
        assertEquals(36.92875, dot(y, y), 1e-13);
        View dk = weight(x, timesTwo(y), g, w).permute(1, 0, 2, 3);
        assertArrayEquals(new double[] {-3.91, -4.84, -7.63, -8.56}, row(dk, 0, 4), 1e-13);
        assertArrayEquals(new double[] {27.45, 29.28, 34.77, 36.6}, row(dk, 20, 24), 1e-13);
        assertEquals(268.84, sum(dk), 1e-12);
        assertEquals(12070.7708, dot(dk, dk), 1e-9);
        View dx = data(timesTwo(y), w, g, x);
        assertArrayEquals(new double[] {-2.7875, 1.0125, 2.5, 4.6375, 2.525, 8.3625, 9.9625, 8.775, -0.0375,
            1.85, 1.9625, 3.9875}, row(dx, 0, 12), 1e-13);
        View ones = Given.f64(1).expand(y.shape()); // what the gradient of a sum looks like
        View flat = weight(x, ones, g, w).permute(1, 0, 2, 3);
        assertArrayEquals(new double[] {1.8, 2.4, 4.2, 4.8}, row(flat, 0, 4), 1e-14);
        assertArrayEquals(new double[] {9, 9.6, 11.4, 12}, row(flat, 20, 24), 1e-14);
        assertArrayEquals(new double[] {0.25, -2.25, -2.25, -2.5, 1.5, 0.75, 0.75, -0.75, 1.25, 3, 3, 1.75},
                row(data(ones, w, g, x), 12, 24));
        View h = ramp(DType.F64, Shape.of(1, 3, 4, 2), 5, 19, 9, 8).permute(0, 3, 1, 2);
        View z = conv(h, w, g);
        assertArrayEquals(new double[] {0.09375, 1.75, -0.15625, -2.78125, 1.84375, -3.03125}, row(z, 0, 6));
        assertArrayEquals(new double[] {-0.03125, 1.75, -0.03125, -3, 1.75, -3}, row(z, 12, 18));
        assertArrayEquals(values(conv(packed(h), packed(w), g)), values(z));
        assertArrayEquals(values(data(packed(ones), packed(w), g, x)), values(data(ones, w, g, x)));
        assertArrayEquals(values(weight(packed(h), packed(ones), g, w)), values(weight(h, ones, g, w)));
        View back = packed(h.flip(2, 3)).flip(2, 3);
        assertArrayEquals(values(z), values(conv(back, w, g)));
    }

    /// ⟨conv(x, w), dy⟩ = ⟨x, data(dy, w)⟩ = ⟨w, weight(x, dy)⟩: all three are one trilinear form.
    @ParameterizedTest
    @CsvSource({"1,1,0,0,1,1,1", "2,2,1,1,1,1,1", "3,2,2,1,1,2,2", "1,3,3,0,2,1,4", "2,1,0,2,3,2,2"})
    void theThreeKernelsAreTransposesOfEachOther(int sh, int sw, int ph, int pw, int dh, int dw, int groups) {
        var g = new Conv2dGeometry(sh, sw, ph, pw, dh, dw, groups);
        View x = ramp(DType.F64, Shape.of(2, 4, 9, 8), 11, 31, 15, 8);
        View w = ramp(DType.F64, Shape.of(8, 4 / groups, 3, 2), 7, 29, 14, 8);
        View y = conv(x, w, g);
        View dy = ramp(DType.F64, y.shape(), 5, 23, 11, 8);
        double form = dot(y, dy);
        assertEquals(form, dot(x, data(dy, w, g, x)), 1e-9);
        assertEquals(form, dot(w, weight(x, dy, g, w)), 1e-9);
    }

    @Test
    void anEmptyBatchGivesNoOutputAndNoWeightGradient() {
        View w = ramp(DType.F64, Shape.of(2, 3, 2, 2), 1, 100, 0, 1);
        View x = empty(DType.F64, 0, 3, 4, 4);
        Conv2dGeometry g = Conv2dGeometry.of(1, 0);
        View y = conv(x, w, g);
        assertEquals(Shape.of(0, 2, 3, 3), y.shape());
        assertEquals(0, data(y, w, g, x).shape().elements());
        assertArrayEquals(new double[24], values(weight(x, y, g, w)));
    }
}
