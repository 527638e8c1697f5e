package wengert.gan.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.autograd.Frozen;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.gan.nets.Network;
import wengert.nn.init.Init;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.Sgd;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Second-order terms on networks whose gradients can be written down.
class PenaltyTest {
    /// `D(x) = w·x` over whole samples.
    private static final class Linear extends Network {
        final Parameter w;

        Linear(double... values) {
            w = parameter("w", Shape.of(values.length, 1), Init.zeros());
            to(DType.F64);
            w.replace(Tensor.of(values, values.length, 1));
        }

        @Override
        public <T extends TensorOps<T>> T forward(T x, Tensor labels) {
            return x.reshape(x.shape().size(0), -1).matmul(w);
        }
    }

    /// `D(x) = v · leakyRelu(W x, 0.2)` on vectors of two.
    private static final class TwoLayers extends Network {
        final Parameter first;
        final Parameter second;

        TwoLayers() {
            first = parameter("first", Shape.of(2, 2), Init.zeros());
            second = parameter("second", Shape.of(2), Init.zeros());
            to(DType.F64);
            first.replace(Tensor.of(new double[] {1, -2, 0.5, 1}, 2, 2));
            second.replace(Tensor.of(new double[] {2, -1}, 2));
        }

        @Override
        public <T extends TensorOps<T>> T forward(T x, Tensor labels) {
            T hidden = x.reshape(-1, 2).matmul(x.lift(first).transpose(0, 1));
            return hidden.leakyRelu(0.2).matmul(second);
        }
    }

    private static final Tensor REALS = Tensor.of(new double[] {1, 0.2, -1, 0.5}, 2, 1, 1, 2);

    private static Step step(Network d, Tensor real, Tensor fake) {
        return new Step(0, d, real, null, Variable.of(fake), null, null,
                () -> Tensor.full(0.5, DType.F64, real.shape().size(0), 1, 1, 1));
    }

    @Test
    void theRootOfAnAllZeroGradientHasGradientZero() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 1, 1, 2);
        var zero = new Linear(0, 0);
        Variable penalty = new GradientPenalty(10, NormMode.HWC).term(step(zero, x, x));
        assertEquals(10, penalty.value().item());
        penalty.backward();
        assertArrayEquals(new double[] {0, 0}, zero.w.grad().toDoubleArray());

        var linear = new Linear(3, 4);
        penalty = new GradientPenalty(10, NormMode.HWC).term(step(linear, x, x));
        assertEquals(160, penalty.value().item(), 1e-10);
        penalty.backward();
        assertArrayEquals(new double[] {48, 64}, linear.w.grad().toDoubleArray(), 1e-10);
    }

    @Test
    void theGradientPenaltyStandsAloneToo() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 1, 1, 2);
        var penalty = new GradientPenalty(10, NormMode.HWC);
        Tensor half = Tensor.full(0.5, DType.F64, 2, 1, 1, 1);
        assertEquals(16, penalty.penalty(new Linear(3, 4), x, x, half).value().item(), 1e-12);
        for (Tensor[] wrong : new Tensor[][] {{x, half.reshape(2)}, {x, half.narrow(0, 0, 1)},
            {x.narrow(0, 0, 1), half}}) {
            assertThrows(ShapeException.class,
                    () -> penalty.penalty(new Linear(3, 4), x, wrong[0], wrong[1]));
        }
    }

    @Test
    void r1OfALinearCriticIsItsSquaredNorm() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 1, 1, 2);
        assertEquals(25, new R1(1, NormMode.HWC, 1).term(step(new Linear(3, 4), x, x)).value().item(), 1e-12);
        assertEquals(12.5, new R1(1, NormMode.PIXEL, 1).term(step(new Linear(3, 4), x, x)).value().item(),
                1e-12);
        assertNull(new R1(1, NormMode.HWC, 16).term(new Step(3, null, x, null, null, null, null, null)));
    }

    @Test
    void aPenaltyReachesWhatIsNotFrozen() {
        var d = new TwoLayers();
        var r1 = new R1(10, NormMode.HWC, 1);
        assertArrayEquals(new double[] {0.5, -0.8}, d.forward(REALS).toDoubleArray(), 1e-12);
        Variable penalty = r1.term(step(d, REALS, REALS));
        assertEquals(141.7, penalty.value().item(), 1e-10);
        penalty.backward();
        assertArrayEquals(new double[] {119.6, -44.2}, d.second.grad().toDoubleArray(), 1e-10);
        assertArrayEquals(new double[] {31.2, -104, -15.6, 52}, d.first.grad().toDoubleArray(), 1e-10);

        d.zeroGrad();
        try (var _ = Frozen.of(List.of(d.first))) {
            r1.term(step(d, REALS, REALS)).backward();
            assertNull(d.first.grad());
            assertArrayEquals(new double[] {119.6, -44.2}, d.second.grad().toDoubleArray(), 1e-10);
            new Optimizer(d.parameters(), Sgd.of(0.001)).step();
        }
        assertArrayEquals(new double[] {1.8804, -0.9558}, d.second.value().toDoubleArray(), 1e-12);
        assertArrayEquals(new double[] {1, -2, 0.5, 1}, d.first.value().toDoubleArray());
    }

    @Test
    void aFrozenParameterAndItsOptimizerStateStayBitForBit() {
        var d = new TwoLayers();
        var adam = new Optimizer(d.parameters(), Adam.of(0.01).weightDecay(0.1));
        for (int i = 0; i < 3; i++) {
            d.zeroGrad();
            new R1(10, NormMode.HWC, 1).term(step(d, REALS, REALS)).backward();
            adam.step();
        }
        var before = adam.state();
        Tensor first = d.first.value().copy();
        try (var _ = Frozen.of(List.of(d.first))) {
            adam.step();
        }
        assertTrue(first.sameBits(d.first.value()));
        adam.state().forEach((name, now) -> {
            if (name.startsWith("first/")) {
                assertTrue(now.sameBits(before.get(name)), name);
            }
        });
        assertEquals(3, adam.count(d.first));
        assertEquals(4, adam.count(d.second));
    }

    @Test
    void aPenaltyOfAFrozenNetworkIsANumberAndSaysSo() {
        var d = new TwoLayers();
        try (var _ = d.frozen()) {
            Variable penalty = new R1(10, NormMode.HWC, 1).term(step(d, REALS, REALS));
            assertEquals(141.7, penalty.value().item(), 1e-10);
            String message = assertThrows(GradException.class, penalty::backward).getMessage();
            assertTrue(message.contains("does not require grad") && message.contains("frozen"), message);
        }
    }
}
