package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.autograd.Variable;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

class BatchNormTest {
    private static BatchNorm1d one(BatchNorm.Options options) {
        BatchNorm1d norm = new BatchNorm1d(1, options);
        norm.to(DType.F64);
        norm.init(Generator.seeded(1));
        return norm;
    }

    private static Tensor column(double... values) {
        return Tensor.of(values, values.length, 1);
    }

    private static void assertStatistics(Module norm, double mean, double var, long batches) {
        Map<String, Tensor> b = norm.namedBuffers();
        assertEquals(mean, b.get("running_mean").item(), 1e-12);
        assertEquals(var, b.get("running_var").item(), 1e-12);
        assertEquals(batches, b.get("num_batches_tracked").item());
    }

    @Test
    void trainingNormalisesByTheBatch() {
        BatchNorm2d norm = new BatchNorm2d(3);
        norm.init(Generator.seeded(1));
        Tensor x = Generator.seeded(2).stream("x").normal(4, 3, 5, 5).mul(3).add(2);
        Tensor y = norm.forward(x);

        assertArrayEquals(new double[3], y.mean(0, 2, 3).toDoubleArray(), 1e-5);
        assertArrayEquals(new double[] {1, 1, 1}, y.square().mean(0, 2, 3).toDoubleArray(), 1e-5);
    }

    /// Running statistics in the order of GAN training: fakes of the D phase, reals, fakes of the G phase.
    @Test
    void everyBatchMovesTheRunningStatisticsOnceInOrder() {
        BatchNorm1d d = one(BatchNorm.Options.standard());
        Tensor y = d.forward(column(1, 3));
        assertArrayEquals(new double[] {-0.999995000037, 0.999995000037}, y.toDoubleArray(), 1e-12);
        d.forward(column(10, 14));
        assertStatistics(d, 1.38, 1.79, 2);
        try (var _ = d.frozen()) {
            d.forward(Variable.of(column(2, 6)).requiresGrad(true)).sum().backward();
        }
        assertStatistics(d, 1.642, 2.411, 3);

        BatchNorm1d g = one(BatchNorm.Options.standard());
        g.forward(column(1, 3));
        g.forward(Variable.of(column(2, 6)));
        assertStatistics(g, 0.58, 1.79, 2);
    }

    @Test
    void evaluationMovesNothing() {
        BatchNorm1d norm = one(BatchNorm.Options.standard());
        norm.forward(column(1, 3));
        Map<String, Tensor> before = norm.stateDict();
        norm.eval();
        norm.forward(column(5, 9));
        norm.forward(Variable.of(column(7)));
        norm.stateDict().forEach((name, x) -> assertTrue(x.sameBits(before.get(name)), name));
    }

    @Test
    void withoutMomentumTheStatisticsArePlainAverages() {
        BatchNorm1d norm = one(BatchNorm.Options.standard().momentum(null));
        norm.forward(column(1, 3));
        norm.forward(column(10, 14));
        norm.forward(column(2, 6));
        assertStatistics(norm, (2 + 12 + 4) / 3.0, (2 + 8 + 8) / 3.0, 3);
    }

    @Test
    void withoutTrackingTheBatchCountsInEvaluationToo() {
        BatchNorm1d norm = one(BatchNorm.Options.standard().track(false));
        assertTrue(norm.namedBuffers().isEmpty());
        Tensor trained = norm.forward(column(1, 3));
        norm.eval();
        assertTrue(norm.forward(column(1, 3)).sameBits(trained));
    }

    @Test
    void withoutAffinityThereIsNothingToTrain() {
        BatchNorm1d norm = one(BatchNorm.Options.standard().affine(false));
        assertTrue(norm.parameters().isEmpty());
        assertArrayEquals(new double[] {-0.999995000037, 0.999995000037}, norm.forward(column(1,
                3)).toDoubleArray(),
                1e-12);
    }

    @Test
    void oneValuePerChannelIsRefusedInTrainingOnlyAndMovesNothing() {
        BatchNorm2d norm = new BatchNorm2d(32);
        norm.init(Generator.seeded(1));
        Map<String, Tensor> before = norm.stateDict();
        ShapeException e = assertThrows(ShapeException.class, () -> norm.forward(Tensor.ones(1, 32, 1, 1)));
        assertTrue(e.getMessage().contains("more than one value per channel")
                && e.getMessage().contains("[1,32,1,1]"), e.getMessage());
        norm.stateDict().forEach((name, x) -> assertTrue(x.sameBits(before.get(name)), name));
        norm.eval();
        norm.forward(Tensor.ones(1, 32, 1, 1));
    }

    @Test
    void wrongInputsAreNamed() {
        BatchNorm2d norm = new BatchNorm2d(3);
        norm.init(Generator.seeded(1));
        assertEquals("batchNorm: expected input [N, C, H, W] with 3 channels, got [2,4,5,5]",
                assertThrows(ShapeException.class, () -> norm.forward(Tensor.ones(2, 4, 5, 5))).getMessage());
        assertEquals("batchNorm: expected input [N, C, H, W] with 3 channels, got [2,3]",
                assertThrows(ShapeException.class, () -> norm.forward(Tensor.ones(2, 3))).getMessage());
        assertThrows(TensorException.class, () -> BatchNorm.Options.standard().eps(Double.NaN));
        assertThrows(TensorException.class, () -> BatchNorm.Options.standard().momentum(1.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void evaluationGivesTheSameOutputsAndGradientsEachTime(String device) {
        BatchNorm2d norm = new BatchNorm2d(2);
        norm.to(Device.parse(device));
        norm.init(Generator.seeded(1));
        Tensor x = Generator.seeded(2).stream("x").as(DType.F32, Device.parse(device)).normal(3, 2, 4, 4);
        norm.forward(x);
        norm.eval();
        Tensor[] y = new Tensor[2];
        Tensor[][] grads = new Tensor[2][];
        for (int i = 0; i < 2; i++) {
            norm.zeroGrad();
            Variable in = Variable.of(x).requiresGrad(true);
            Variable out = norm.forward(in);
            out.square().sum().backward();
            y[i] = out.value();
            grads[i] = new Tensor[] {in.grad(), norm.weight().grad(), norm.bias().grad()};
        }
        assertTrue(y[0].sameBits(y[1]));
        for (int k = 0; k < 3; k++) {
            assertTrue(grads[0][k].sameBits(grads[1][k]));
        }
    }

    @Test
    void aGraphDoesNotMindThatTheStatisticsMoveAfterwards() {
        BatchNorm1d norm = one(BatchNorm.Options.standard());
        Variable x = Variable.of(column(1, 4)).requiresGrad(true);
        norm.eval();
        Variable eval = norm.forward(x);
        norm.train();
        Variable train = norm.forward(x);
        norm.forward(column(8, 9));
        eval.sum().add(train.square().sum()).backward();
        assertEquals(2, x.grad().shape().size(0));
    }

    @Test
    void statisticsMovedInsideAScopeOutliveIt() {
        BatchNorm2d norm = new BatchNorm2d(2048);
        norm.init(Generator.seeded(1));
        try (var _ = Scope.open("step")) {
            norm.forward(Tensor.ones(2, 2048, 1, 1));
        }
        assertEquals(0.1f, norm.namedBuffers().get("running_mean").toFloatArray()[0]);
    }
}
