package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Exact values come from a table of failures that other libraries published, computed apart.
class ConvolutionGradientTest {
    private static final Conv2dGeometry PLAIN = Conv2dGeometry.of(1, 0);

    /// f64, element i in row-major order `((p·i) mod m − s) / d`.
    private static Tensor ramp(String device, int p, int m, int s, double d, int... sizes) {
        double[] values = new double[wengert.tensor.spi.Shape.of(sizes).length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (p * i % m - s) / d;
        }
        return Tensor.of(values, sizes).to(Device.parse(device));
    }

    private static Variable leaf(Tensor x) {
        return Variable.of(x).requiresGrad(true);
    }

    private static Tensor at(Tensor x, int... index) {
        Tensor y = x;
        for (int i : index) {
            y = y.select(0, i);
        }
        return y;
    }

    private static void assertValues(Tensor x, double... expected) {
        assertArrayEquals(expected, x.toDoubleArray(), 1e-12);
    }

    private static void assertSums(Tensor x, double sum, double squares) {
        assertEquals(sum, x.sum().item(), 1e-9);
        assertEquals(squares, x.square().sum().item(), 1e-8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void transposedWithGroupsDilationAndOutputPadding(String device) {
        Variable x = leaf(ramp(device, 5, 13, 6, 4, 2, 4, 2, 2));
        Variable w = leaf(ramp(device, 7, 11, 5, 4, 4, 2, 3, 3));
        Variable b = leaf(ramp(device, 0, 1, 0, 1, 4));
        Variable y = x.convTranspose2d(w, b, new Conv2dGeometry(2, 2, 1, 1, 2, 2, 2), 1, 1);
        y.backward(ramp(device, 3, 7, 3, 2, y.shape().toArray()));
        assertSums(x.grad(), -10.75, 282.625);
        assertEquals(-1.75, at(x.grad(), 0, 2, 1, 0).item());
        assertSums(w.grad(), -1.625, 492.796875);
        assertEquals(2.625, at(w.grad(), 1, 0, 2, 2).item());
        assertEquals(1, at(w.grad(), 3, 1, 0, 1).item());
        assertValues(b.grad(), -0.5, -1, 2, -2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void rowsNoWindowTouchesHaveNoGradient(String device) {
        Variable x = leaf(ramp(device, 5, 17, 8, 4, 1, 2, 8, 7));
        Variable w = leaf(ramp(device, 7, 11, 5, 4, 4, 1, 3, 2));
        Variable y = x.conv2d(w, null, new Conv2dGeometry(3, 2, 1, 0, 2, 1, 2));
        List<Variable> first = Autograd.of(y).gradOutputs(ramp(device, 3, 7, 3, 2, 1, 4, 2, 3))
                .createGraph(true)
                .grad(x, w);
        Tensor dx = first.get(0).value();
        for (int c = 0; c < 2; c++) {
            for (int row : new int[] {0, 5, 7}) {
                assertArrayEquals(new double[7], at(dx, 0, c, row).toDoubleArray(), 0);
            }
            assertArrayEquals(new double[8], at(dx, 0, c).select(1, 6).toDoubleArray(), 0);
        }
        assertSums(dx, -1.375, 61.609375);
        assertValues(at(dx, 0, 0, 1), 0.25, -1.5, 1.5, -1.125, -0.75, 1.875, 0);
        assertValues(at(dx, 0, 1, 4), -1.125, 0.375, 1.875, 0.375, 0.5, -0.5, 0);
        Tensor dw = first.get(1).value();
        assertValues(at(dw, 0), 2.5, -2.375, 3.375, -1.5, 3.125, -1.75);
        assertValues(at(dw, 3), 1.125, -5.25, 3.375, 1.875, -2.75, 2.125);
        Tensor second = Autograd.of(first.get(0).square().sum()).grad(w).get(0).value();
        assertValues(at(second, 0), -10.125, 2.25, -0.75, 12.375, 4.875, -2.625);
        assertValues(at(second, 3), -0.75, -8.25, 2.625, -4.875, -12.375, 0.75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void stridedKernelsAndGradientsAreReadByTheirStrides(String device) {
        Variable x = leaf(ramp(device, 1, 24, 0, 10, 1, 2, 3, 4));
        Variable k = leaf(ramp(device, 5, 13, 6, 4, 2, 3, 2, 2));
        Variable loss = x.conv2d(k.transpose(0, 1), null, PLAIN).square().sum();
        assertEquals(36.92875, loss.value().item(), 1e-10);
        List<Variable> squares = Autograd.of(loss).grad(x, k);
        Tensor dk = squares.get(1).value();
        assertValues(at(dk, 0, 0), -3.91, -4.84, -7.63, -8.56);
        assertValues(at(dk, 1, 2), 27.45, 29.28, 34.77, 36.6);
        assertSums(dk, 268.84, 12070.7708);
        assertValues(at(squares.get(0).value(), 0, 0), -2.7875, 1.0125, 2.5, 4.6375, 2.525, 8.3625, 9.9625,
                8.775, -0.0375, 1.85, 1.9625, 3.9875);
        List<Variable> sums = Autograd.of(x.conv2d(k.transpose(0, 1), null, PLAIN).sum()).grad(x, k);
        assertValues(at(sums.get(1).value(), 0, 0), 1.8, 2.4, 4.2, 4.8);
        assertValues(at(sums.get(1).value(), 1, 2), 9, 9.6, 11.4, 12);
        assertValues(at(sums.get(0).value(), 0, 1), 0.25, -2.25, -2.25, -2.5, 1.5, 0.75, 0.75, -0.75, 1.25, 3,
                3, 1.75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void stridedOperandsGiveTheBitsOfPackedOnes(String device) {
        Tensor k = ramp(device, 5, 13, 6, 4, 2, 3, 2, 2).transpose(0, 1);
        Tensor x = ramp(device, 5, 19, 9, 8, 1, 3, 4, 2).permute(0, 3, 1, 2);
        Tensor one = ramp(device, 1, 9, -1, 3, 1, 1, 1, 1);
        List<Variable> strided = gradients(x, k, one.expand(1, 3, 2, 3));
        List<Variable> packed = gradients(x.copy(), k.copy(), one.expand(1, 3, 2, 3).copy());
        for (int i = 0; i < 2; i++) {
            assertTrue(packed.get(i).value().sameBits(strided.get(i).value()), "gradient " + i);
        }
    }

    private static List<Variable> gradients(Tensor x, Tensor w, Tensor dy) {
        Variable a = leaf(x);
        Variable b = leaf(w);
        return Autograd.of(a.conv2d(b, null, PLAIN)).gradOutputs(dy).grad(a, b);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void transposedConvolutionIsTheDataGradientBitForBit(String device) {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            var g = new Conv2dGeometry(2, 3, 1, 2, 1, 2, 2);
            Variable x = leaf(ramp(device, 5, 17, 8, 7, 2, 4, 9, 10).to(dtype));
            Tensor w = ramp(device, 7, 11, 5, 3, 6, 2, 4, 3).to(dtype);
            Variable y = x.conv2d(w, null, g);
            Tensor dy = ramp(device, 3, 7, 3, 9, y.shape().toArray()).to(dtype);
            y.backward(dy);
            assertTrue(x.grad().sameBits(dy.convTranspose2dTo(w, null, g, 9, 10)), device + " " + dtype);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void emptyBatchHasZeroGradients(String device) {
        Device d = Device.parse(device);
        Variable x = leaf(Tensor.zeros(0, 3, 8, 8).to(d));
        Variable w = leaf(Tensor.ones(6, 3, 4, 4).to(d));
        Variable b = leaf(Tensor.ones(6).to(d));
        x.conv2d(w, b, Conv2dGeometry.of(2, 1)).sum().backward();
        assertEquals(x.shape(), x.grad().shape());
        assertArrayEquals(new float[6 * 3 * 16], w.grad().toFloatArray());
        assertArrayEquals(new float[6], b.grad().toFloatArray());
    }

    @ParameterizedTest
    @CsvSource({"1,1,0,0,1,1,1", "2,2,1,1,1,1,1", "3,2,1,0,2,1,2", "1,2,2,1,1,3,2"})
    void everyOrderAgreesWithUnfoldingAndProducts(int sh, int sw, int ph, int pw, int dh, int dw,
            int groups) {
        var g = new Conv2dGeometry(sh, sw, ph, pw, dh, dw, groups);
        Tensor x = ramp("reference", 5, 17, 8, 4, 2, 2, 6, 5);
        Tensor w = ramp("reference", 7, 11, 5, 4, 4, 2 / groups, 3, 2);
        // tanh, so that no order is zero
        Orders.assertSame(in -> in[0].conv2d(in[1], null, g).tanh(), in -> unfolded(in[0], in[1], g).tanh(),
                3, x, w);
    }

    @Test
    void transposedAgreesWithUnfoldingAtEveryOrder() {
        var g = new Conv2dGeometry(2, 1, 1, 0, 1, 2, 1);
        Tensor dy = ramp("reference", 5, 17, 8, 4, 1, 2, 3, 2);
        Tensor w = ramp("reference", 7, 11, 5, 4, 2, 2, 3, 2);
        // the transpose as the gradient of the unfolded form
        Orders.assertSame(in -> in[0].convTranspose2d(in[1], null, g, 1, 0).tanh(), in -> {
            Variable zero = Variable.of(Tensor.full(0, DType.F64, Device.REFERENCE,
                    wengert.tensor.spi.Shape.of(1, 2, 6, 4)))
                    .requiresGrad(true);
            return Autograd.of(unfolded(zero, in[1], g)).gradOutputs(in[0]).createGraph(true).grad(zero)
                    .get(0).tanh();
        }, 3, dy, w);
    }

    /// Convolution as a gather of all windows and a matrix product for each group.
    private static Variable unfolded(Variable x, Variable w, Conv2dGeometry g) {
        int h = x.shape().size(2);
        int v = x.shape().size(3);
        int r = w.shape().size(2);
        int s = w.shape().size(3);
        int p = g.outH(h, r);
        int q = g.outW(v, s);
        int wide = v + 2 * g.padW();
        long[] places = new long[r * s * p * q];
        int n = 0;
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < s; j++) {
                for (int a = 0; a < p; a++) {
                    for (int b = 0; b < q; b++) {
                        places[n++] = (a * g.strideH() + i * g.dilationH()) * (long) wide + b * g.strideW()
                                + j * g.dilationW();
                    }
                }
            }
        }
        int batch = x.shape().size(0);
        int cg = w.shape().size(1);
        int kg = w.shape().size(0) / g.groups();
        Variable columns = x.pad(0, g.padW(), g.padW(), g.padH(), g.padH()).flatten(2, 3)
                .indexSelect(2, Tensor.of(places, places.length).to(x.device()))
                .reshape(batch, g.groups(), cg * r * s, p * q);
        return w.reshape(g.groups(), kg, cg * r * s).matmul(columns).reshape(batch, kg * g.groups(), p, q);
    }
}
