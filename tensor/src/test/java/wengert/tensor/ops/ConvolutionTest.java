package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertSameBits;
import static wengert.tensor.ops.Numbers.assertShape;
import static wengert.tensor.ops.Numbers.assertValues;
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
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

class ConvolutionTest {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.of(1, 0);

    /// Size 0 stands for a refusal. Division that truncates would find windows that do not fit.
    @ParameterizedTest
    @CsvSource({"3,4,2,0,1,0", "2,4,2,0,1,0", "3,4,3,0,1,0", "3,4,2,1,1,1", "6,3,2,0,3,0", "5,3,2,0,3,0",
        "7,3,2,0,3,1", "28,4,2,1,1,14", "14,4,2,1,1,7", "7,4,2,1,1,3", "3,4,2,1,1,1"})
    void onlyWholeWindowsCount(int in, int kernel, int stride, int pad, int dilation, int out) {
        var rows = new Conv2dGeometry(stride, 1, pad, 0, dilation, 1, 1);
        var columns = new Conv2dGeometry(1, stride, 0, pad, 1, dilation, 1);
        Tensor tall = zeros(1, 1, in, 1);
        Tensor wide = zeros(1, 1, 1, in);
        if (out > 0) {
            assertShape(tall.conv2d(zeros(1, 1, kernel, 1), null, rows), 1, 1, out, 1);
            assertShape(wide.conv2d(zeros(1, 1, 1, kernel), null, columns), 1, 1, 1, out);
            assertShape(tall.avgPool2d(kernel, 1, rows), 1, 1, out, 1);
        } else {
            String span = "spans " + (dilation * (kernel - 1) + 1);
            assertRefused(() -> tall.conv2d(zeros(1, 1, kernel, 1), null, rows), "conv2d", "height " + in,
                    span, "padding " + pad);
            assertRefused(() -> wide.conv2d(zeros(1, 1, 1, kernel), null, columns), "conv2d", "width " + in,
                    span, "padding " + pad);
            assertRefused(() -> tall.avgPool2d(kernel, 1, rows), "avgPool2d", "height " + in, span);
            assertRefused(() -> wide.maxPool2d(1, kernel, columns), "maxPool2d", "width " + in, span);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void transposedWithGroupsDilationAndOutputPadding(String device) {
        Tensor x = ramp(device, 5, 13, 6, 4, 2, 4, 2, 2);
        Tensor w = ramp(device, 7, 11, 5, 4, 4, 2, 3, 3);
        Tensor bias = Tensor.of(new double[] {0.5, -0.5, 1, -1}, 4).to(Device.parse(device));
        var g = new Conv2dGeometry(2, 2, 1, 1, 2, 2, 2);
        Tensor y = x.convTranspose2d(w, bias, g, 1, 1);
        assertShape(y, 2, 4, 6, 6);
        assertEquals(-5.125, y.sum().item());
        assertEquals(408.46875, y.square().sum().item());
        assertEquals(-0.5, element(y, 0, 1, 2, 3));
        assertEquals(1, element(y, 1, 2, 4, 1));
        assertEquals(-2.3125, element(y, 1, 3, 5, 5));
        assertValues(y.select(0, 0).select(0, 0).select(0, 5), 0.5, -1.5, 0.5, 0.3125, 0.5, 1.6875);
        assertSameBits(y, x.convTranspose2dTo(w, bias, g, 6, 6));
    }

    /// y = w with one input of 1: the sum of what every tap puts down is the kernel itself.
    @Test
    void outputPaddingMayExceedTheStrideUpToTheDilation() {
        Tensor x = ramp("reference", 5, 13, 6, 4, 1, 1, 2, 1);
        Tensor w = ramp("reference", 7, 11, 5, 4, 1, 1, 3, 1);
        var g = new Conv2dGeometry(1, 1, 1, 0, 3, 1, 1);
        double[] sums = new double[8 + 2]; // rows −1 … 8 of the uncropped result
        for (int p = 0; p < 2; p++) {
            for (int r = 0; r < 3; r++) {
                sums[p + 3 * r] += element(x, 0, 0, p, 0) * element(w, 0, 0, r, 0);
            }
        }
        Tensor y = x.convTranspose2d(w, null, g, 2, 0);
        assertShape(y, 1, 1, 8, 1);
        assertValues(y, java.util.Arrays.copyOfRange(sums, 1, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void remainderOfTheStrideIsNotTouched(String device) {
        Tensor x = ramp(device, 5, 17, 8, 4, 1, 2, 8, 7);
        Tensor w = ramp(device, 7, 11, 5, 4, 4, 1, 3, 2);
        Tensor y = x.conv2d(w, null, new Conv2dGeometry(3, 2, 1, 0, 2, 1, 2));
        assertShape(y, 1, 4, 2, 3);
        assertValues(y.select(0, 0).select(0, 0), -0.0625, 3.75, 0.125, 1.875, -3.625, 1.5);
        assertValues(y.select(0, 0).select(0, 3), -0.125, 0.3125, -1.375, -3.125, 0.125, 5.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void stridedOperandsGiveTheBitsOfPackedOnes(String device) {
        Tensor k = ramp(device, 5, 13, 6, 4, 2, 3, 2, 2).transpose(0, 1);
        Tensor x = ramp(device, 1, 24, 0, 10, 1, 2, 3, 4);
        assertSameBits(x.conv2d(k.copy(), null, PLAIN), x.conv2d(k, null, PLAIN));
        Tensor nhwc = ramp(device, 5, 19, 9, 8, 1, 3, 4, 2).permute(0, 3, 1, 2);
        Tensor y = nhwc.conv2d(k, null, PLAIN);
        assertValues(y.select(0, 0).select(0, 0), 0.09375, 1.75, -0.15625, -2.78125, 1.84375, -3.03125);
        assertValues(y.select(0, 0).select(0, 2), -0.03125, 1.75, -0.03125, -3, 1.75, -3);
        assertSameBits(nhwc.copy().conv2d(k.copy(), null, PLAIN), y);
        Tensor flipped = x.flip(3).conv2d(k.flip(2), null, PLAIN);
        assertSameBits(x.flip(3).copy().conv2d(k.flip(2).copy(), null, PLAIN), flipped);
        Tensor repeated = x.slice(0, 0, 1).expand(3, 2, 3, 4);
        assertSameBits(repeated.copy().conv2d(k, null, PLAIN), repeated.conv2d(k, null, PLAIN));
        assertSameBits(y.copy().convTranspose2d(k.copy(), null, PLAIN, 0, 0),
                y.flip(2).flip(2).convTranspose2d(k, null, PLAIN, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void batchesBeyondTheReachOfSixteenBits(String device) {
        Tensor x = Tensor.arange(70_000).to(DType.F64).reshape(70_000, 1, 1, 1).to(Device.parse(device));
        Tensor w = Tensor.of(new double[] {2}, 1, 1, 1, 1).to(Device.parse(device));
        Tensor b = Tensor.of(new double[] {1}, 1).to(Device.parse(device));
        double[] y = x.conv2d(w, b, PLAIN).toDoubleArray();
        assertEquals(131071, y[65535]);
        assertEquals(131073, y[65536]);
        assertEquals(139999, y[69999]);
    }

    /// Unrolled, this input would have 2^31 elements; no kernel may need it so, and no rule may refuse it.
    @Test
    void inputWhoseUnrolledFormExceeds32BitsIsLegal() {
        Spec x = Spec.of(Shape.of(64, 512, 67, 67), DType.F32);
        Spec w = Spec.of(Shape.of(1, 512, 4, 4), DType.F32);
        assertEquals(Shape.of(64, 1, 64, 64), new Conv2d(PLAIN).inferOne(new Spec[] {x, w}).shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void emptyBatchGivesEmptyBatch(String device) {
        Tensor x = Tensor.zeros(0, 3, 8, 8).to(Device.parse(device));
        Tensor w = Tensor.ones(6, 3, 4, 4).to(Device.parse(device));
        assertShape(x.conv2d(w, Tensor.ones(6).to(Device.parse(device)), Conv2dGeometry.of(2, 1)), 0, 6, 4,
                4);
        Tensor dy = Tensor.zeros(0, 6, 4, 4).to(Device.parse(device));
        assertShape(dy.convTranspose2d(w, null, Conv2dGeometry.of(2, 1), 0, 0), 0, 3, 8, 8);
        assertValues(x.apply(new Conv2dWeightGradient(Conv2dGeometry.of(2, 1), 4, 4), dy).sum(), 0);
    }

    @Test
    void precisionsMeetAtTheFiner() {
        Tensor x = Tensor.ones(1, 1, 2, 2);
        Tensor w = Tensor.full(0.1, DType.F64, 1, 1, 1, 1);
        Tensor y = x.conv2d(w, null, PLAIN);
        assertEquals(DType.F64, y.dtype());
        assertValues(y, 0.1, 0.1, 0.1, 0.1);
    }

    @Test
    void wrongChannelsNameNumbersAndHint() {
        Tensor x = Tensor.zeros(16, 4, 32, 32);
        Tensor w = Tensor.zeros(64, 3, 4, 4);
        w.view().storage().label("discriminator.conv1.weight");
        String message = assertThrows(ShapeException.class, () -> x.conv2d(w, null, Conv2dGeometry.of(2, 1)))
                .getMessage();
        assertEquals("""
                conv2d: input has 4 channels, but weight [64,3,4,4] with groups=1 needs 3.
                  input [16,4,32,32], weight 'discriminator.conv1.weight' [64,3,4,4]
                  Hint: did you mean a weight of shape [64,4,4,4], as of Conv2d(4, 64, 4)?""", message);
    }

    @Test
    void convolutionRefusesWhatDoesNotFit() {
        Tensor x = zeros(2, 4, 5, 5);
        Tensor w = zeros(6, 4, 3, 3);
        assertRefused(() -> x.conv2d(zeros(6, 4, 6, 3), null, PLAIN), "conv2d", "height 5", "spans 6");
        assertRefused(() -> Conv2dGeometry.of(0, 0), "stride must be at least 1");
        assertRefused(() -> Conv2dGeometry.of(1, -1), "padding must not be negative");
        assertRefused(() -> x.conv2d(w, null, new Conv2dGeometry(1, 1, 0, 0, 1, 1, 3)), "4 input channels",
                "groups=3");
        assertRefused(() -> x.conv2d(zeros(6, 1, 3, 3), null, new Conv2dGeometry(1, 1, 0, 0, 1, 1, 4)),
                "6 output channels", "groups=4");
        assertRefused(() -> x.conv2d(w, zeros(5), PLAIN), "conv2d: bias must be [6]", "got [5]");
        assertRefused(() -> x.conv2d(w, zeros(6, 1), PLAIN), "bias must be [6]", "got [6,1]");
        assertRefused(() -> zeros(4, 5, 5).conv2d(w, null, PLAIN), "[4,5,5]", "unsqueeze(0)");
        assertRefused(() -> x.conv2d(zeros(6, 4, 3), null, PLAIN), "weight", "[6,4,3]");
        assertRefused(() -> zeros(2, 4, 0, 5).conv2d(w, null, Conv2dGeometry.of(1, 2)), "size 0 in axis 2");
        assertRefused(() -> x.conv2d(zeros(6, 4, 0, 3), null, PLAIN), "size 0 in axis 2");
        assertRefused(() -> x.to(DType.I32).conv2d(w.to(DType.I32), null, PLAIN), "conv2d", "floats", "i32");
        assertRefused(() -> x.conv2d(Tensor.zeros(6, 4, 3, 3), null, PLAIN), "one device", "reference",
                "cpu");
    }

    @Test
    void transposedConvolutionRefusesWhatDoesNotFit() {
        Tensor x = zeros(2, 4, 3, 3);
        Tensor w = zeros(4, 2, 3, 3);
        var g = Conv2dGeometry.of(2, 1);
        assertRefused(() -> x.convTranspose2d(w, null, g, 2, 0), "convTranspose2d",
                "output padding of the height", "got 2", "stride 2", "dilation 1");
        assertRefused(() -> x.convTranspose2d(w, null, g, 0, -1), "output padding of the width", "got -1");
        assertRefused(() -> x.convTranspose2d(w, null, new Conv2dGeometry(2, 2, 1, 1, 1, 1, 3), 0, 0),
                "4 input channels", "groups=3");
        assertRefused(() -> x.convTranspose2d(zeros(2, 4, 3, 3), null, g, 0, 0), "input has 4 channels",
                "first axis of weight [2,4,3,3] needs 2", "ConvTranspose2d(4, 4, 3)");
        assertRefused(() -> x.convTranspose2d(w, zeros(4), g, 0, 0), "convTranspose2d: bias must be [2]",
                "got [4]");
        assertRefused(() -> zeros(4, 3, 3).convTranspose2d(w, null, g, 0, 0), "convTranspose2d", "[4,3,3]");
        assertRefused(() -> zeros(2, 4, 1, 1)
                .convTranspose2d(zeros(4, 2, 1, 1), null, Conv2dGeometry.of(1, 1), 0, 0),
                "height would be -1");
    }

    @Test
    void everySizeInTheRangeIsReachedAndNoOther() {
        Tensor x = ramp("reference", 5, 13, 6, 4, 1, 2, 3, 4);
        Tensor w = ramp("reference", 7, 11, 5, 4, 2, 1, 3, 4);
        var g = new Conv2dGeometry(3, 2, 1, 1, 1, 1, 1);
        for (int h = 7; h <= 9; h++) {
            for (int v = 8; v <= 9; v++) {
                Tensor y = x.convTranspose2dTo(w, null, g, h, v);
                assertShape(y, 1, 1, h, v);
                assertShape(y.conv2d(w, null, g), 1, 2, 3, 4);
                assertSameBits(x.convTranspose2d(w, null, g, h - 7, v - 8), y);
            }
        }
        assertRefused(() -> x.convTranspose2dTo(w, null, g, 6, 8), "output height 6", "7 to 9");
        assertRefused(() -> x.convTranspose2dTo(w, null, g, 10, 8), "output height 10", "7 to 9");
        assertRefused(() -> x.convTranspose2dTo(w, null, g, 7, 10), "output width 10", "8 to 9");
    }

    @Test
    void outputsTooLargeForOneTensorAreRefused() {
        Tensor x = vector(1).expand(70_000, 1, 4, 4);
        Tensor w = vector(1).expand(70_000, 1, 1, 1);
        assertRefused(() -> x.conv2d(w, null, PLAIN), Shape.of(70_000, 70_000, 4, 4).toString(),
                String.valueOf(70_000L * 70_000 * 16));
    }
}
