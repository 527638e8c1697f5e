package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertRefused;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;

import org.junit.jupiter.api.Test;
import wengert.tensor.Memory;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// How gradients add up, how they are forgotten, and when saved values go.
class AccumulationTest {
    @Test // 20
    void aSecondBackwardAddsIntoTheSameTensor() {
        Variable x = leaf(1, 2);
        x.square().sum().backward();
        Tensor first = x.grad();
        x.square().sum().backward();
        assertSame(first, x.grad());
        assertGrad(x, 4, 8);
    }

    @Test // 20
    void gradWithAGraphLeavesTheGradientAlone() {
        Variable x = leaf(1, 2);
        x.square().sum().backward();
        Tensor first = x.grad();
        Autograd.of(x.square().sum()).createGraph(true).grad(x);
        assertSame(first, x.grad());
        assertGrad(x, 2, 4);
    }

    @Test // 20
    void theFirstGradientIsNotSharedWithWhoeverPassedIt() {
        Variable x = leaf(1, 2);
        Tensor g = Tensor.of(new double[] {1, 1}, 2);
        x.backward(g);
        x.backward(g);
        assertGrad(x, 2, 2);
        assertValue(g, 1, 1);
    }

    @Test // 22
    void backwardAddsUpUntilZeroGrad() {
        Variable x = leaf(3);
        for (int i = 1; i <= 3; i++) {
            x.square().backward();
            assertGrad(x, 6 * i);
        }
        x.zeroGrad();
        assertNull(x.grad());
        x.square().backward();
        assertGrad(x, 6);
    }

    @Test // 23
    void zeroGradForgetsNaN() {
        Variable x = leaf(3);
        x.mul(Double.NaN).backward();
        assertTrue(Double.isNaN(x.grad().item()));
        x.zeroGrad();
        x.square().backward();
        assertGrad(x, 6);
    }

    @Test // 24
    void secondBackwardWithoutRetainGraphNamesTheFreedNode() {
        Variable x = leaf(2);
        Variable y = x.mul(x);
        y.backward();
        assertRefused(y::backward, "Trying to backward through the graph a second time", "mul#",
                "retainGraph(true)", "detach()");
        assertGrad(x, 4);
    }

    @Test // 24
    void retainGraphAllowsASecondBackward() {
        Variable x = leaf(2);
        Variable y = x.mul(x);
        Autograd.of(y).retainGraph(true).backward();
        y.backward();
        assertGrad(x, 8);
    }

    @Test // 24
    void whatSavedNothingMayRunTwice() {
        Variable x = leaf(2);
        Variable y = x.add(1);
        y.backward();
        y.backward();
        assertGrad(x, 2);
    }

    @Test // 25
    void aThousandStepsLeaveNothingBehind() {
        Variable w = Variable.of(Tensor.full(0.01, wengert.tensor.spi.DType.F32, 64, 64)).requiresGrad(true);
        Tensor x = Tensor.full(1, wengert.tensor.spi.DType.F32, 64, 64);
        long cached = 0;
        for (int i = 0; i < 1000; i++) {
            try (var step = Scope.open("step")) {
                w.matmul(x).tanh().sum().backward();
            }
            w.zeroGrad();
            assertEquals(0, Memory.liveBytes());
            if (i == 10) {
                cached = Memory.cachedBytes();
            }
        }
        assertEquals(cached, Memory.cachedBytes());
    }

    @Test // 25
    void savedValuesGoAsThePassUsesThem() {
        Variable x = leaf(2);
        Variable y = x.mul(x);
        Node node = y.node;
        y.backward();
        assertTrue(node.isFreed());
    }

    @Test // 27
    void forwardWithoutBackwardHoldsNothing() {
        Variable w = Variable.of(Tensor.full(0.01, wengert.tensor.spi.DType.F32, 64, 64)).requiresGrad(true);
        for (int i = 0; i < 10_000; i++) {
            try (var step = Scope.open("step")) {
                w.mul(2).tanh();
            }
        }
        assertEquals(0, Memory.liveBytes());
        assertNull(w.grad());
    }

    @Test // 28
    void anExceptionInARulePassesThroughAndTheNextStepWorks() {
        Variable x = leaf(2);
        Variable bad = x.apply(new Throwing());
        assertEquals("no rule today", assertThrows(IllegalStateException.class, bad::backward).getMessage());
        assertNull(x.grad());
        x.square().backward();
        assertGrad(x, 4);
    }

    private record Throwing() implements SingleOp {
        @Override
        public Spec inferOne(Spec[] in) {
            return in[0];
        }

        @Override
        public void forward(Backend k, View[] in, View out) {
            k.copy(in[0], out);
        }

        @Override
        public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
            throw new IllegalStateException("no rule today");
        }
    }

    @Test
    void aGraphThatOutlivesItsScopeNamesTheScope() {
        Variable x = Variable.of(Tensor.full(2, wengert.tensor.spi.DType.F32, 2000)).requiresGrad(true);
        Variable y;
        try (var step = Scope.open("D step")) {
            y = x.tanh().mul(x).tanh().sum();
        }
        Variable late = y;
        assertRefused(late::backward, "scope", "D step");
    }
}
