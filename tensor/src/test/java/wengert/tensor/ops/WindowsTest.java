package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertSameBits;
import static wengert.tensor.ops.Numbers.assertShape;
import static wengert.tensor.ops.Numbers.assertValues;
import static wengert.tensor.ops.Numbers.count;
import static wengert.tensor.ops.Numbers.element;
import static wengert.tensor.ops.Numbers.ramp;
import static wengert.tensor.ops.Numbers.vector;
import static wengert.tensor.ops.Numbers.zeros;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class WindowsTest {
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void maximumIgnoresPaddingAndTakesNaN(String device) {
        Device d = Device.parse(device);
        Tensor x = Tensor.of(new double[] {-1, -2, -3, -4}, 1, 1, 2, 2).to(d);
        assertValues(x.maxPool2d(2, 2, Conv2dGeometry.of(1, 1)), -1, -1, -2, -1, -1, -2, -3, -3, -4);
        Tensor lowest = Tensor.full(Double.NEGATIVE_INFINITY, DType.F64, d, x.shape());
        assertValues(lowest.maxPool2d(2, 2, Conv2dGeometry.of(2, 0)), Double.NEGATIVE_INFINITY);
        Tensor nan = Tensor.of(new double[] {1, Double.NaN, 9, 2}, 1, 1, 2, 2).to(d);
        assertTrue(Double.isNaN(nan.maxPool2d(2, 2, Conv2dGeometry.of(2, 0)).item()));
    }

    @Test
    void windowsInThePaddingHaveNoMaximum() {
        Tensor x = count(1, 1, 4, 4);
        assertRefused(() -> x.maxPool2d(2, 2, Conv2dGeometry.of(2, 2)), "maxPool2d", "window 0 of the height",
                "padding of 2", "[1,1,4,4]");
        assertRefused(() -> zeros(1, 1, 1, 4).maxPool2d(2, 2, new Conv2dGeometry(1, 1, 1, 0, 2, 1, 1)),
                "window 0");
        assertShape(x.maxPool2d(3, 3, Conv2dGeometry.of(1, 2)), 1, 1, 6, 6);
        assertRefused(() -> count(4, 4).maxPool2d(2, 2, Conv2dGeometry.of(2, 0)), "maxPool2d", "[N, C, H, W]",
                "[4,4]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void averageCountsPaddingAsZeros(String device) {
        Tensor x = ramp(device, 1, 99, -1, 1, 1, 1, 2, 2); // 1 2 3 4
        assertValues(x.avgPool2d(2, 2, Conv2dGeometry.of(2, 1)), 0.25, 0.5, 0.75, 1);
        assertValues(x.avgPool2d(2, 2, Conv2dGeometry.of(1, 0)), 2.5);
    }

    /// What pooling gives, it takes back: ⟨pool(x), dy⟩ = ⟨x, poolGradient(dy)⟩.
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void averageAndItsGradientAreTransposes(String device) {
        Tensor x = ramp(device, 5, 17, 8, 4, 2, 3, 7, 6);
        var g = new Conv2dGeometry(2, 1, 1, 2, 1, 2, 1);
        Tensor y = x.avgPool2d(3, 2, g);
        Tensor dy = ramp(device, 3, 7, 3, 2, y.shape().toArray());
        Tensor dx = dy.apply(new AvgPool2dGradient(3, 2, g, x.shape()));
        assertEquals(y.mul(dy).sum().item(), x.mul(dx).sum().item(), 1e-10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void stridedInputsGiveTheBitsOfPackedOnes(String device) {
        Tensor x = ramp(device, 5, 17, 8, 4, 2, 6, 7, 3).permute(0, 3, 1, 2).flip(2);
        var g = Conv2dGeometry.of(2, 1);
        assertSameBits(x.copy().maxPool2d(3, 3, g), x.maxPool2d(3, 3, g));
        assertSameBits(x.copy().avgPool2d(3, 3, g), x.avgPool2d(3, 3, g));
        assertSameBits(x.copy().upsampleBilinear2d(2, 3), x.upsampleBilinear2d(2, 3));
    }

    @Test
    void emptyBatchesAndIntegersPass() {
        Tensor none = zeros(0, 4, 4, 4);
        var g = Conv2dGeometry.of(2, 0);
        assertShape(none.maxPool2d(2, 2, g), 0, 4, 2, 2);
        assertShape(none.avgPool2d(2, 2, g), 0, 4, 2, 2);
        assertShape(none.upsampleNearest2d(2, 3), 0, 4, 8, 12);
        assertShape(none.upsampleBilinear2d(2, 3), 0, 4, 8, 12);
        assertShape(none.pixelShuffle(2), 0, 1, 8, 8);
        assertShape(none.adaptiveAvgPool2d(3, 1), 0, 4, 3, 1);
        assertShape(none.globalAvgPool2d(), 0, 4, 1, 1);
        Tensor whole = Tensor.of(new int[] {1, 2, 3, 4}, 1, 1, 2, 2);
        assertEquals(DType.I32, whole.upsampleNearest2d(2, 2).dtype());
        assertValues(whole.avgPool2d(2, 2, g), 2.5);
    }

    @Test
    void nearestRepeatsPixels() {
        assertValues(count(1, 1, 2, 2).upsampleNearest2d(2, 3),
                0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 2, 2, 2, 3, 3, 3);
    }

    /// By the definition, pixel by pixel.
    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "5,1"})
    void bilinearInterpolatesBetweenPixelMiddles(int scaleH, int scaleW) {
        int h = 3;
        int w = 2;
        Tensor x = ramp("reference", 5, 17, 8, 4, 1, 1, h, w);
        Tensor y = x.upsampleBilinear2d(scaleH, scaleW);
        assertShape(y, 1, 1, h * scaleH, w * scaleW);
        for (int i = 0; i < h * scaleH; i++) {
            for (int j = 0; j < w * scaleW; j++) {
                double u = Math.clamp((i + 0.5) / scaleH - 0.5, 0, h - 1);
                double v = Math.clamp((j + 0.5) / scaleW - 0.5, 0, w - 1);
                int a = (int) u;
                int b = (int) v;
                double top = mix(element(x, 0, 0, a, b), element(x, 0, 0, a, Math.min(b + 1, w - 1)), v - b);
                double bottom = mix(element(x, 0, 0, Math.min(a + 1, h - 1), b),
                        element(x, 0, 0, Math.min(a + 1, h - 1), Math.min(b + 1, w - 1)), v - b);
                assertEquals(mix(top, bottom, u - a), element(y, 0, 0, i, j), 1e-12);
            }
        }
    }

    private static double mix(double a, double b, double t) {
        return a * (1 - t) + b * t;
    }

    @Test
    void adaptivePartsOverlapWhereTheyDoNotDivide() {
        Tensor x = vector(1, 2, 3, 4, 5).reshape(1, 1, 1, 5);
        assertValues(x.adaptiveAvgPool2d(1, 3), 1.5, 3, 4.5);
        assertValues(x.adaptiveAvgPool2d(1, 1), 3);
        assertValues(x.adaptiveAvgPool2d(2, 5), 1, 2, 3, 4, 5, 1, 2, 3, 4, 5);
        assertValues(count(1, 2, 2, 2).globalAvgPool2d(), 1.5, 5.5);
    }

    @Test
    void shuffleTurnsChannelsIntoPixels() {
        Tensor x = count(1, 8, 1, 2);
        assertValues(x.pixelShuffle(2).select(0, 0).select(0, 0), 0, 2, 1, 3, 4, 6, 5, 7);
        assertRefused(() -> count(1, 6, 1, 1).pixelShuffle(2), "pixelShuffle", "multiple of 2·2 = 4",
                "got 6");
        assertRefused(() -> x.upsampleNearest2d(0, 1), "upsampleNearest2d", "at least 1");
    }
}
