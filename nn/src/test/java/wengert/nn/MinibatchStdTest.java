package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import wengert.autograd.GradCheck;
import wengert.autograd.Variable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.ShapeException;

/// Each statistic goes to the samples it was made of, and the short last batch is not a surprise.
class MinibatchStdTest {
    private static double[] channel(int group, double... values) {
        Tensor y = new MinibatchStd(group).forward(Tensor.of(values, values.length, 1, 1, 1));
        assertEquals("[" + values.length + ",2,1,1]", y.shape().toString());
        return y.select(1, 1).toDoubleArray();
    }

    @Test
    void sampleIBelongsToColumnIModuloColumns() {
        assertArrayEquals(new double[] {1.63299316492, 21.6024689949, 1.63299316492, 21.6024689949,
                1.63299316492,
            21.6024689949}, channel(3, 0, 10, 2, 20, 4, 60), 1e-8);
        double a = 7.79021822608;
        double b = 12.5000000004;
        assertArrayEquals(new double[] {a, b, a, b, a, b, a, b}, channel(4, 1, 2, 3, 5, 8, 13, 21, 34),
                1e-10);
    }

    @Test
    void aBatchSmallerThanTheGroupIsOneGroup() {
        assertArrayEquals(new double[] {2.0000000025, 2.0000000025}, channel(4, 1, 5), 1e-12);
        assertArrayEquals(new double[] {1e-4}, channel(4, 7), 1e-12);
    }

    @Test
    void aBatchThatDoesNotDivideIsRefusedWithBothNumbers() {
        String message = assertThrows(ShapeException.class, () -> channel(4, 1, 2, 3, 4, 5, 6)).getMessage();
        assertTrue(message.contains("6") && message.contains("4"), message);
        assertThrows(ShapeException.class, () -> new MinibatchStd(0));
    }

    @Test
    void gradientsAreRightAndZeroForEqualSamples() {
        Tensor x = Tensor.of(new double[] {0.3, -1, 2, 0.7, 1.1, -0.4, 0.9, 3}, 4, 1, 1, 2);
        GradCheck.of(in -> new MinibatchStd(2).forward(in.get(0))).orders(2).check(x);
        Variable equal = Variable.of(Tensor.of(new double[] {3, 3, 3, 3}, 4, 1, 1, 1)).requiresGrad(true);
        new MinibatchStd(4).forward(equal).select(1, 1).sum().backward();
        assertArrayEquals(new double[4], equal.grad().toDoubleArray());
    }
}
