package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

class DisplayTest {
    @Test
    void shortTensorsAreOneLine() {
        assertEquals("f32 [3] cpu [1.0, 2.0, 3.0]", Tensor.of(new float[] {1, 2, 3}, 3).toString());
        assertEquals("f64 [3] cpu [ 0.5000, -2.0000,  0.3333]",
                Tensor.of(new double[] {0.5, -2, 1 / 3.0}, 3).toString());
        assertEquals("i64 [10] cpu [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]", Tensor.arange(10).toString());
        assertEquals("bool [2] cpu [ true, false]", Tensor.of(new boolean[] {true, false}, 2).toString());
        assertEquals("i64 [1] cpu [-9223372036854775808]",
                Tensor.of(new long[] {Long.MIN_VALUE}, 1).toString());
    }

    @Test
    void aScalarShowsEveryDigit() {
        assertEquals("f32 [] cpu 0.1", Tensor.scalar(0.1).toString());
        assertEquals("f64 [] cpu 0.30000000000000004", Tensor.of(new double[] {0.1 + 0.2}).toString());
        assertEquals("i32 [] cpu -7", Tensor.of(new int[] {-7}).toString());
        assertEquals("bool [] cpu true", Tensor.of(new boolean[] {true}).toString());
        assertEquals("f32 [] cpu, 1 NaN NaN", Tensor.scalar(Double.NaN).toString());
    }

    @Test
    void tensorsWithoutElementsShowTheirShape() {
        assertEquals("f32 [0] cpu []", Tensor.zeros(0).toString());
        assertEquals("i32 [2,0,3] cpu []", Tensor.of(new int[0], 2, 0, 3).toString());
    }

    @Test
    void bracketsAreNestedAndColumnsAligned() {
        assertEquals("""
                f32 [2,2,3] cpu
                [[[  1.0,   2.0,   3.0],
                  [  4.0,   5.0,   6.0]],
                 [[  7.0,   8.0,   9.0],
                  [ 10.0,  11.0, -12.0]]]""",
                Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12}, 2, 2, 3).toString());
        assertEquals("i32 [1,1] cpu\n[[5]]", Tensor.of(new int[] {5}, 1, 1).toString());
    }

    @Test
    void viewsShowTheirOwnOrder() {
        Tensor x = Tensor.of(new int[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertEquals("i32 [3,2] cpu\n[[1, 4],\n [2, 5],\n [3, 6]]", x.transpose(0, 1).toString());
        assertEquals("i32 [3] cpu [6, 5, 4]", Tensor.over(
                x.view().slice(0, 1, 1, 1).flip(1).reshape(Shape.of(3))).toString());
        assertEquals("f32 [2,2] cpu\n[[7.0, 7.0],\n [7.0, 7.0]]", Tensor.scalar(7).expand(2, 2).toString());
    }

    @Test
    void veryLargeAndVerySmallNumbersKeepTheirDigits() {
        assertEquals("f64 [5] cpu [ 1.23e-06, -1.23e+08,    0.0000,   -0.0000,    0.0200]",
                Tensor.of(new double[] {1.234e-6, -1.234e8, 0, -0.0, 0.02}, 5).toString());
    }

    @Test
    void nanAndInfinityAreCountedAndNotPartOfTheStatistics() {
        float[] values = new float[1000];
        Arrays.fill(values, 2);
        values[500] = Float.NaN;
        values[501] = Float.NaN;
        values[502] = Float.NEGATIVE_INFINITY;
        values[503] = 0;
        assertEquals("f32 [1000] cpu, 2 NaN, 1 Inf, min 0.0000, max 2.0000, mean 1.9980 "
                + "[2.0, 2.0, 2.0, ..., 2.0, 2.0, 2.0]", Tensor.of(values, 1000).toString());
        assertEquals("f32 [3] cpu, 1 NaN, 2 Inf [ NaN,  Inf, -Inf]",
                Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
                3).toString());
        Arrays.fill(values, Float.NaN);
        assertEquals("f32 [1000] cpu, 1000 NaN [NaN, NaN, NaN, ..., NaN, NaN, NaN]",
                Tensor.of(values, 1000).toString());
    }

    @Test
    void largeTensorsShowTheirEdgesInTenLines() {
        int[] numbers = new int[64 * 3 * 32 * 32];
        Arrays.setAll(numbers, i -> i);
        assertEquals("""
                i32 [64,3,32,32] cpu
                [[[[   0,    1,    2, ...,   29,   30,   31],
                   [  32,   33,   34, ...,   61,   62,   63],
                   [  64,   65,   66, ...,   93,   94,   95],
                   ...,
                   [ 928,  929,  930, ...,  957,  958,  959],
                   [ 960,  961,  962, ...,  989,  990,  991],
                   [ 992,  993,  994, ..., 1021, 1022, 1023]],
                  ...],
                 ...]""", Tensor.of(numbers, 64, 3, 32, 32).toString());
        for (int[] sizes
                : new int[][] {{100, 100}, {5, 5, 5, 5}, {3, 3, 3, 3, 3, 3}, {2, 2, 2, 2, 2, 2, 2}, {1000, 1},
            {1, 1000}, {9, 9}, {2, 64}, {64, 2}, {1, 1, 1, 100, 1, 100}, {70, 1, 1}}) {
            String text = Tensor.zeros(sizes).toString();
            assertTrue(text.lines().count() <= 15, text);
            String values = text.substring(text.indexOf('\n') + 1);
            assertTrue(values.split("0\\.0", -1).length - 1 <= 64, text);
        }
    }

    @Test
    void aHugeTensorCostsNoMoreThanWhatIsShown() {
        // 2^30 elements in a buffer of one.
        String text = Tensor.scalar(3).expand(1 << 15, 1 << 15).toString();
        assertTrue(text.startsWith("f32 [32768,32768] cpu\n[[3.0, 3.0, 3.0, ..., 3.0, 3.0, 3.0],\n"), text);
        assertEquals(8, text.lines().count());
    }

    @Test
    void otherDevicesAreNamed() {
        assertEquals("f32 [2] reference [1.0, 1.0]",
                Tensor.full(1, DType.F32, Device.REFERENCE, Shape.of(2)).toString());
    }

    @Test
    void aReleasedTensorCanStillBePrinted() {
        Tensor x;
        try (var _ = Scope.open("step")) {
            x = Tensor.zeros(2, 3);
        }
        assertEquals("f32 [2,3] cpu, released", x.toString());
    }
}
