package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.cuda.Pair.Layout;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.View;

class SoftmaxesTest {
    private static final SoftmaxKernels REFERENCE = Device.REFERENCE.backend().find(SoftmaxKernels.class);
    private static CudaBackend card;
    private static SoftmaxKernels kernels;

    @BeforeAll
    static void open() {
        EmulatedDriver.require();
        card = new CudaBackend(0);
        kernels = card.find(SoftmaxKernels.class);
    }

    private static Pair random(DType dtype, Shape shape, Layout layout, Random random) {
        return Pair.random(card, dtype, shape, shape.rank() < 2 ? Layout.CONTIGUOUS : layout, random);
    }

    /// All six kernels on random lines.
    private static void check(DType dtype, Shape shape, Layout layout, int axis, Random random) {
        String what = dtype + " " + shape + " " + layout + " along " + axis;
        Layout to = layout == Layout.PERMUTED ? Layout.CONTIGUOUS : Layout.PERMUTED;
        int n = shape.size(axis);
        Pair x = random(dtype, shape, layout, random);
        Pair dy = random(dtype, shape, Layout.CONTIGUOUS, random);
        Pair y = random(dtype, shape, to, random);
        Pair dx = random(dtype, shape, Layout.CONTIGUOUS, random);
        REFERENCE.softmax(x.host(), axis, y.host());
        kernels.softmax(x.card(), axis, y.card());
        y.whole().assertSame(card, 3, what);
        REFERENCE.softmaxGradient(y.host(), dy.host(), axis, dx.host());
        kernels.softmaxGradient(y.card(), dy.card(), axis, dx.card());
        dx.assertSame(card, 4, what + ": gradient");
        REFERENCE.logSoftmax(x.host(), axis, y.host());
        kernels.logSoftmax(x.card(), axis, y.card());
        y.whole().assertSame(card, 10, what + ": logarithms");
        REFERENCE.logSoftmaxGradient(y.host(), dy.host(), axis, dx.host());
        kernels.logSoftmaxGradient(y.card(), dy.card(), axis, dx.card());
        dx.assertSame(card, n + 4, what + ": gradient of logarithms");

        Shape line = shape.with(axis, 1);
        double[] classes = random.ints(line.length(), 0, Math.max(1, n)).asDoubleStream().toArray();
        Pair target = Pair.given(card, DType.I64, line, classes);
        Pair loss = random(dtype, line, to, random);
        Pair upstream = random(dtype, line, layout, random);
        if (n > 0) {
            REFERENCE.crossEntropy(x.host(), axis, target.host(), loss.host());
            kernels.crossEntropy(x.card(), axis, target.card(), loss.card());
            loss.whole().assertSame(card, 10, what + ": cross entropy");
        }
        REFERENCE.crossEntropyGradient(x.host(), axis, target.host(), upstream.host(), dx.host());
        kernels.crossEntropyGradient(x.card(), axis, target.card(), upstream.card(), dx.card());
        dx.assertSame(card, 4, what + ": gradient of cross entropy");
        card.synchronize();
    }

    @Test
    void linesOfAnyLengthAxisAndStride() {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            int[] sizes = new int[random.nextInt(1, 5)];
            for (int a = 0; a < sizes.length; a++) {
                sizes[a] = random.nextInt(4) == 0 ? 1 : random.nextInt(1, sizes.length < 3 ? 50 : 6);
            }
            check(i % 2 == 0 ? DType.F32 : DType.F64, Shape.of(sizes), Layout.values()[random.nextInt(6)],
                    random.nextInt(sizes.length), random);
        }
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            check(dtype, Shape.of(2, 3000), Layout.CONTIGUOUS, 1, random);
            check(dtype, Shape.of(300, 5), Layout.CONTIGUOUS, 0, random);
            check(dtype, Shape.of(0, 5), Layout.CONTIGUOUS, 1, random);
            check(dtype, Shape.of(5, 0), Layout.CONTIGUOUS, 0, random);
        }
    }

    @Test
    void infiniteAndLargeNumbers() {
        double inf = Double.POSITIVE_INFINITY;
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Pair x = Pair.given(card, dtype, Shape.of(6, 3), 1e4, 1e4, -1e4, -inf, 0, 1, -inf, -inf, -inf,
                    inf, 0,
                    -inf, Double.NaN, 0, 1, -1e30, -1e30, -inf);
            Pair y = Pair.result(card, dtype, Shape.of(6, 3));
            REFERENCE.softmax(x.host(), 1, y.host());
            kernels.softmax(x.card(), 1, y.card());
            y.assertSame(card, 3, "softmax");
            REFERENCE.logSoftmax(x.host(), 1, y.host());
            kernels.logSoftmax(x.card(), 1, y.card());
            y.assertSame(card, 3, "logarithms");
        }
    }

    @Test
    void theTargetsGradientKeepsItsDigitsWhereItsProbabilityIsOne() {
        Pair x = Pair.given(card, DType.F32, Shape.of(1, 3), 40, 0, 1);
        Pair target = Pair.given(card, DType.I64, Shape.of(1, 1), 0);
        Pair dy = Pair.given(card, DType.F32, Shape.of(1, 1), 1);
        View dx = View.of(card.allocate(DType.F32, 3), Shape.of(1, 3));
        kernels.crossEntropyGradient(x.card(), 1, target.card(), dy.card(), dx);
        View host = View.of(Device.REFERENCE.backend().allocate(DType.F32, 3), Shape.of(1, 3));
        card.copy(dx, host);
        float[] g = host.storage().f32();
        assertTrue(g[0] < 0, "not rounded away");
        assertEquals(-(double) g[1] - g[2], g[0], 1e-6 * -g[0]);
    }
}
