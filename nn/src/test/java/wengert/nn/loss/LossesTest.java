package wengert.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

class LossesTest {
    private static Variable leaf(double[] values, int... sizes) {
        return Variable.of(Tensor.of(values, sizes)).requiresGrad(true);
    }

    private static void assertGrad(Variable v, double... expected) {
        assertArrayEquals(expected, v.grad().toDoubleArray(), 1e-12);
    }

    private static void assertRefused(Executable code, String... parts) {
        String message = assertThrows(TensorException.class, code).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
    }

    /// op-02
    @Test
    void shapesThatWouldBroadcastAreRefused() {
        Tensor x = Tensor.of(new double[] {0.5, -1, 2, 0}, 4, 1);
        Tensor t = Tensor.of(new double[] {1, 0, 1, 0}, 4);
        List<BinaryOperator<Tensor>> losses = List.of(Losses::mse, Losses::l1,
                (a, b) -> Losses.smoothL1(a, b, 1), Losses::bce, Losses::bceWithLogits);
        for (BinaryOperator<Tensor> loss : losses) {
            assertRefused(() -> loss.apply(x, t), "[4,1]", "[4]");
            assertRefused(() -> loss.apply(t, x), "[4]", "[4,1]");
            assertRefused(() -> loss.apply(t, Tensor.scalar(1)), "[4]", "[]");
        }
    }

    /// op-02
    @Test
    void shapesThatMatchGiveTheRightValues() {
        Variable x = leaf(new double[] {0.5, -1, 2, 0}, 4, 1);
        Tensor t = Tensor.of(new double[] {1, 0, 1, 0}, 4, 1);
        Variable loss = Losses.bceWithLogits(x, t);
        assertEquals(0.401853465825, loss.value().item(), 1e-12);
        loss.backward();
        assertArrayEquals(new double[] {-0.0943851671995, 0.0672353553425, -0.0298007305055, 0.125},
                x.grad().toDoubleArray(), 1e-12);
        assertEquals(0.5625, Losses.mse(x, t).value().item(), 1e-15);
    }

    /// op-04
    @Test
    void logitsFarFromZero() {
        double[][] rows = {{1e4, 0, 1e4, 1}, {1e4, 1, 0, 0}, {-1e4, 1, 1e4, -1}, {-1e4, 0, 0, 0},
            {0, 1, Math.log(2), -0.5}};
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            for (double[] row : rows) {
                Variable x = Variable.of(Tensor.full(row[0], dtype, 1)).requiresGrad(true);
                Variable loss = Losses.bceWithLogits(x, Tensor.full(row[1], dtype, 1));
                loss.backward();
                double tolerance = dtype == DType.F64 ? 1e-12 : 1e-7;
                assertEquals(row[2], loss.value().item(), tolerance);
                assertEquals(row[3], x.grad().item(), tolerance);
            }
        }
    }

    /// op-04: what is small is not lost beside what is large.
    @Test
    void logitsOnTheRightSideKeepTheirSmallLoss() {
        double s = Math.exp(-40) / (1 + Math.exp(-40));
        Variable x = leaf(new double[] {40}, 1);
        Variable loss = Losses.bceWithLogits(x, Tensor.of(new double[] {1}, 1));
        assertEquals(1, loss.value().item() / s, 1e-12);
        Variable g = Autograd.of(loss).createGraph(true).grad(x).get(0);
        assertEquals(1, g.value().item() / -s, 1e-12);
        assertEquals(1, Autograd.of(g).grad(x).get(0).value().item() / s, 1e-12);
    }

    @Test
    void reductionsOfALoss() {
        Tensor x = Tensor.of(new double[] {1, 2, 5}, 3);
        Tensor t = Tensor.of(new double[] {1, 0, 2}, 3);
        assertEquals(13.0 / 3, Losses.mse(x, t).item(), 1e-15);
        assertEquals(13, Losses.mse(x, t, Reduction.SUM).item());
        assertArrayEquals(new double[] {0, 4, 9}, Losses.mse(x, t, Reduction.NONE).toDoubleArray());
        assertEquals(5, Losses.l1(x, t, Reduction.SUM).item());
        assertTrue(Double.isNaN(Losses.mse(Tensor.zeros(0), Tensor.zeros(0)).item()));
    }

    @Test
    void wholeTargetsTakeThePredictionsDtype() {
        Tensor x = Tensor.of(new float[] {0, 0}, 2);
        for (Tensor t : new Tensor[] {Tensor.of(new long[] {1, 0}, 2),
                Tensor.of(new boolean[] {true, false}, 2)}) {
            Tensor y = Losses.bceWithLogits(x, t);
            assertEquals(DType.F32, y.dtype());
            assertEquals(Math.log(2), y.item(), 1e-7);
            assertEquals(0.5, Losses.mse(x, t).item(), 1e-7);
        }
    }

    @Test
    void smoothAbsoluteErrorIsAParabolaInTheMiddle() {
        Variable x = leaf(new double[] {0, 1, -4, 2}, 4);
        Variable y = Losses.smoothL1(x, Tensor.full(0, DType.F64, 4), 2, Reduction.NONE);
        assertArrayEquals(new double[] {0, 0.25, 3, 1}, y.value().toDoubleArray(), 1e-15);
        y.sum().backward();
        assertGrad(x, 0, 0.5, -1, 1);
        assertRefused(() -> Losses.smoothL1(x, x, 0), "smoothL1", "beta", "0");
    }

    @Test
    void logarithmsOfProbabilitiesStopAtMinus100() {
        Variable p = leaf(new double[] {0, 1, 0, 0.5}, 4);
        Tensor t = Tensor.of(new double[] {1, 0, 0, 1}, 4);
        Variable y = Losses.bce(p, t, Reduction.NONE);
        assertArrayEquals(new double[] {100, 100, 0, Math.log(2)}, y.value().toDoubleArray(), 1e-12);
        y.sum().backward();
        assertGrad(p, 0, 0, 1, -2);
        Tensor f32 = Losses.bce(Tensor.zeros(2), Tensor.ones(2), Reduction.NONE);
        assertArrayEquals(new double[] {100, 100}, f32.toDoubleArray());
    }

    @Test
    void crossEntropyOfClasses() {
        Variable x = leaf(new double[] {1, 2, 3, 1000, 0, 0}, 2, 3);
        Variable y = Losses.crossEntropy(x, Tensor.of(new int[] {2, 0}, 2), Reduction.NONE);
        assertArrayEquals(new double[] {0.40760596444438, 0}, y.value().toDoubleArray(), 1e-12);
        y.sum().backward();
        double[] s = Tensor.of(new double[] {1, 2, 3}, 3).softmax(0).toDoubleArray();
        assertGrad(x, s[0], s[1], s[2] - 1, 0, 0, 0);
        Tensor pixels = Losses.crossEntropy(Tensor.zeros(2, 3, 4, 5), Tensor.zeros(2, 4, 5).to(DType.I64),
                Reduction.NONE);
        assertEquals(Shape.of(2, 4, 5), pixels.shape());
    }

    @Test
    void crossEntropyRefusesWhatIsNoClass() {
        Tensor x = Tensor.zeros(2, 3);
        assertRefused(() -> Losses.crossEntropy(x, Tensor.of(new long[] {0, 3}, 2)), "crossEntropy",
                "target 3 at position [1]", "3 classes");
        assertRefused(() -> Losses.crossEntropy(x, Tensor.of(new long[] {0}, 1)), "crossEntropy", "[2,3]",
                "[1]");
        assertRefused(() -> Losses.crossEntropy(x, Tensor.zeros(2)), "crossEntropy", "whole", "f32");
        assertRefused(() -> Losses.crossEntropy(Tensor.zeros(3), Tensor.of(new long[] {0})), "crossEntropy",
                "[3]");
    }

    @Test
    void hingeOfBothPlayers() {
        Variable x = leaf(new double[] {-2, 0.5, 1, 3}, 4);
        Variable real = Losses.hingeDiscriminator(x, true, Reduction.NONE);
        assertArrayEquals(new double[] {3, 0.5, 0, 0}, real.value().toDoubleArray());
        real.sum().backward();
        assertGrad(x, -1, -1, 0, 0);
        assertEquals((0 + 1.5 + 2 + 4) / 4, Losses.hingeDiscriminator(x, false).value().item());
        assertEquals(-2.5 / 4, Losses.hingeGenerator(x).value().item());
    }
}
