package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.View;

/// Softmax and its relatives against the reference: lines of one number, vectors and tails, more than a
/// chunk; axes first, last and between; bands narrower and wider than a vector.
class SoftmaxTest {
    private static final SoftmaxKernels REFERENCE = Twin.REFERENCE.find(SoftmaxKernels.class);
    private static final SoftmaxKernels CPU = Twin.CPU.find(SoftmaxKernels.class);
    private static final int[][] SHAPES = {{7}, {1}, {5, 1}, {3, 10}, {2, 33}, {4, 64}, {3, 5000}, {1, 70, 3},
        {2, 9, 130}, {70, 17}, {4099, 3}, {2, 3, 4, 5}, {0, 4}, {3, 0}, {3, 4, 0}, {600, 40}};

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void everyKernelAgreesWithTheReference(DType dtype) {
        for (int seed = 0; seed < 3 * SHAPES.length; seed++) {
            int[] shape = SHAPES[seed % SHAPES.length];
            check(new Random(seed), dtype, new Random(seed).nextInt(shape.length), shape);
        }
    }

    private static void check(Random r, DType dtype, int axis, int... shape) {
        Layout layout = Layout.values()[r.nextInt(4)];
        Twin x = Twin.random(r, dtype, layout, 30, shape);
        Twin dy = Twin.random(r, dtype, layout, 2, shape);
        Twin share = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        Twin log = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        String what = layout + " along " + axis + " ";
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        int n = shape[axis];
        REFERENCE.softmax(x.expected(), axis, share.expected());
        CPU.softmax(x.actual(), axis, share.actual());
        share.assertClose(what + "softmax", dtype == DType.F32 ? 2 : 8, dtype == DType.F32 ? Float.MIN_VALUE
                : 0);
        REFERENCE.logSoftmax(x.expected(), axis, log.expected());
        CPU.logSoftmax(x.actual(), axis, log.actual());
        log.assertClose(what + "logSoftmax", 2, nearOne(dtype));
        Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        REFERENCE.softmaxGradient(share.expected(), dy.expected(), axis, dx.expected());
        CPU.softmaxGradient(share.actual(), dy.actual(), axis, dx.actual());
        dx.assertClose(what + "softmaxGradient", 2, 16 * unit);
        REFERENCE.logSoftmaxGradient(log.expected(), dy.expected(), axis, dx.expected());
        CPU.logSoftmaxGradient(log.actual(), dy.actual(), axis, dx.actual());
        dx.assertClose(what + "logSoftmaxGradient", 2, 8 * unit * (2 + 30 * Math.sqrt(n)));
        if (n > 0) {
            crossEntropy(r, x, axis, what, shape);
        }
    }

    /// The sum of a line is in double, so where it is 1 and a little, no more is known of its logarithm.
    private static double nearOne(DType dtype) {
        return dtype == DType.F32 ? 0x1p-50 : 0x1p-48;
    }

    private static void crossEntropy(Random r, Twin x, int axis, String what, int... shape) {
        DType dtype = x.expected().dtype();
        int[] lines = shape.clone();
        lines[axis] = 1;
        double[] chosen = r.ints(x.expected().shape().length() / shape[axis], 0, shape[axis]).asDoubleStream()
                .toArray();
        Twin target = Twin.of(DType.I64, chosen, lines);
        Twin loss = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], lines);
        REFERENCE.crossEntropy(x.expected(), axis, target.expected(), loss.expected());
        CPU.crossEntropy(x.actual(), axis, target.actual(), loss.actual());
        loss.assertClose(what + "crossEntropy", 2, nearOne(dtype));
        Twin dloss = Twin.random(r, dtype, Layout.REPEATED, 2, lines);
        Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        REFERENCE.crossEntropyGradient(x.expected(), axis, target.expected(), dloss.expected(),
                dx.expected());
        CPU.crossEntropyGradient(x.actual(), axis, target.actual(), dloss.actual(), dx.actual());
        dx.assertClose(what + "crossEntropyGradient", dtype == DType.F32 ? 3 : 8,
                dtype == DType.F32 ? 0x1p-50 : 0); // what all others sum to, out of a sum in double
    }

    @Test
    void infinitiesAndNaNs() {
        double inf = Double.POSITIVE_INFINITY;
        double[][] lines = {{-inf, 0, 1, -inf}, {inf, 0, 3, 4}, {-inf, -inf, -inf, -inf},
                {Double.NaN, 1, 2, 90},
            {Double.NaN, Double.NaN, Double.NaN, Double.NaN}, {3e38, -3e38, 0, 1}};
        for (double[] line : lines) {
            for (int n : new int[] {4, 70}) {
                double[] numbers = new double[n];
                for (int i = 0; i < n; i++) {
                    numbers[i] = i < 4 ? line[i] : line[3];
                }
                Twin x = Twin.of(DType.F32, numbers, n, 1);
                for (int wide : new int[] {1, 20}) {
                    Twin many = new Twin(x.expected().expand(Shape.of(n, wide)),
                            x.actual().expand(Shape.of(n, wide)));
                    Twin y = Twin.of(DType.F32, new double[n * wide], n, wide);
                    REFERENCE.softmax(many.expected(), 0, y.expected());
                    CPU.softmax(many.actual(), 0, y.actual());
                    y.assertClose("softmax", 2, 0);
                    REFERENCE.logSoftmax(many.expected(), 0, y.expected());
                    CPU.logSoftmax(many.actual(), 0, y.actual());
                    y.assertClose("logSoftmax", 2, 0);
                }
            }
        }
    }

    @Test
    void theGradientOfALineThatIsNearlyRightKeepsItsDigits() {
        View x = Twin.of(DType.F32, new double[] {0, 30, 0}, 1, 3).actual();
        View target = Twin.of(DType.I64, new double[] {1}, 1, 1).actual();
        View dy = Twin.of(DType.F32, new double[] {1}, 1, 1).actual();
        View dx = Twin.of(DType.F32, new double[3], 1, 3).actual();
        CPU.crossEntropyGradient(x, 1, target, dy, dx);
        assertEquals(-2 * Math.exp(-30) / (1 + 2 * Math.exp(-30)), Twin.numbers(dx)[1], 0x1p-52);
    }

    @Test
    void aClassThatDoesNotExistIsRefusedBeforeAnythingIsWritten() {
        Twin x = Twin.of(DType.F32, new double[6], 2, 3);
        Twin target = Twin.of(DType.I64, new double[] {0, 3}, 2, 1);
        Twin loss = Twin.of(DType.F32, new double[] {7, 7}, 2, 1);
        assertThrows(ShapeException.class, () -> CPU.crossEntropy(x.actual(), 1, target.actual(),
                loss.actual()));
        assertThrows(ShapeException.class, () -> REFERENCE.crossEntropy(x.expected(), 1, target.expected(),
                loss.expected()));
        assertEquals(7, Twin.numbers(loss.actual())[0]);
    }
}
