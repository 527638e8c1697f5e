package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertRefused;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// What is recorded, what is not, and what a change behind the graph's back leads to.
class RequiresGradTest {
    @Test // 29
    void aResultRequiresGradIffAnInputDoes() {
        Variable x = leaf(1);
        Variable constant = Variable.of(Tensor.of(new double[] {2}, 1));
        assertTrue(x.add(constant).requiresGrad());
        assertFalse(constant.add(constant).requiresGrad());
        assertTrue(constant.add(constant).isLeaf());
    }

    @Test // 30
    void onlyLeavesOfFloatsCanBeSwitched() {
        Variable y = leaf(1).square();
        assertRefused(() -> y.requiresGrad(false), "leaf variables", "detach()");
        Variable whole = Variable.of(Tensor.of(new int[] {1}, 1));
        assertRefused(() -> whole.requiresGrad(true), "only floating point", "i32");
    }

    @Test // 31
    void gradModesNestAndEndWithExceptions() {
        Variable x = leaf(1);
        GradMode.off(() -> {
            assertFalse(x.square().requiresGrad());
            assertTrue(GradMode.on(() -> x.square().requiresGrad()));
            assertThrows(IllegalStateException.class, () -> GradMode.on(() -> {
                throw new IllegalStateException();
            }));
            assertFalse(GradMode.isOn());
            return null;
        });
        assertTrue(x.square().requiresGrad());
    }

    @Test // 32, 33
    void aChangeThroughADetachedValueIsDetected() {
        Variable x = leaf(1, 2);
        Variable y = x.mul(x).sum();
        x.detach().value().fillInPlace(0);
        assertRefused(y::backward, "modified in place", "mul#", "f64 [2]",
                "is at version 1; expected version 0", "fillInPlace");
    }

    @Test // 34
    void whatIsNotNeededMayChange() {
        Variable x = leaf(1, 2);
        Variable sum = x.add(x).sum();
        x.value().fillInPlace(0);
        sum.backward();
        assertGrad(x, 2, 2);
    }

    @Test // 34
    void aSavedOutputMayNotChange() {
        Variable y = leaf(1).exp();
        Variable loss = y.sum();
        y.value().mulInPlace(2);
        assertRefused(loss::backward, "modified in place", "exp#", "mulInPlace");
    }

    @Test // 36
    void scalingByAConstantSavesNothing() {
        Variable w = leaf(1, 2);
        Variable x = Variable.of(Tensor.of(new double[] {3, 4}, 2));
        Variable y = w.mul(x).sum();   // keeps x for w's gradient, not w
        w.value().fillInPlace(9);
        y.backward();
        assertGrad(w, 3, 4);
    }

    @Test // 38
    void anOptimizerStepBetweenForwardAndBackwardIsNamed() {
        var weight = new Parameter("discriminator.fc.weight", Tensor.of(new double[] {1, 2}, 2));
        Variable x = leaf(3, 4);
        Variable old = weight.mul(x).sum();
        weight.value().inPlace("Adam.step").add(0.1);
        assertRefused(old::backward, "'discriminator.fc.weight'", "modified by Adam.step",
                "is at version 1; expected version 0", "optD.step()");
    }

    @Test // 37, 39
    void frozenParametersGetNoGradientAndLetItThrough() {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        Variable x = leaf(3);
        try (var outer = Frozen.of(List.of(w))) {
            try (var inner = Frozen.of(List.of(w))) {
                x.mul(w).backward();
            }
            x.mul(w).backward();
        }
        assertNull(w.grad());
        assertGrad(x, 4);
        x.mul(w).backward();
        assertGrad(w, 3);
        assertTrue(w.requiresGrad());
    }

    @Test
    void aListWithANullFreezesNothing() {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        assertThrows(NullPointerException.class, () -> Frozen.of(Arrays.asList(w, null)));
        assertFalse(Frozen.contains(w));
    }

    @Test
    void onlyTheThreadThatFrozeMayThaw() throws InterruptedException {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        try (var frozen = Frozen.of(List.of(w))) {
            var other = new Thread(() -> assertRefused(frozen::close, "thread", "other"), "other");
            var failure = new Throwable[1];
            other.setUncaughtExceptionHandler((_, e) -> failure[0] = e);
            other.start();
            other.join();
            assertNull(failure[0]);
            assertTrue(Frozen.contains(w));
        }
        assertFalse(Frozen.contains(w));
    }

    @Test // 39
    void aParameterFrozenBeforeStaysAsItWas() {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        w.requiresGrad(false);
        assertThrows(IllegalStateException.class, () -> {
            try (var frozen = Frozen.of(List.of(w))) {
                throw new IllegalStateException();
            }
        });
        assertFalse(w.requiresGrad());
        w.requiresGrad(true);
        assertTrue(leaf(1).mul(w).requiresGrad());
    }

    @Test // 40
    void frozenAfterRecordingMeansNoAccumulation() {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        Variable x = leaf(3);
        Variable y = x.mul(w);
        try (var frozen = Frozen.of(List.of(w))) {
            assertTrue(Autograd.explain(y, w).contains("frozen now"));
            y.backward();
        }
        assertNull(w.grad());
        assertGrad(x, 2);
    }

    @Test // 40
    void unfrozenAfterRecordingIsExplained() {
        var w = new Parameter("w", Tensor.of(new double[] {2}, 1));
        Variable x = leaf(3);
        Variable y;
        try (var frozen = Frozen.of(List.of(w))) {
            y = x.mul(w);
        }
        y.backward();
        assertNull(w.grad());
        String why = Autograd.explain(y, w);
        assertTrue(why.contains("'w'") && why.contains("frozen") && why.contains("mul#"), why);
        assertTrue(Autograd.explain(y, leaf(1)).contains("not reachable"));
    }

    @Test // 41
    void conversionsPassGradientsBackInTheSourceDtype() {
        Variable x = Variable.of(Tensor.of(new float[] {1, 2}, 2)).requiresGrad(true);
        x.to(DType.F64).square().sum().backward();
        assertEquals(DType.F32, x.grad().dtype());
        assertGrad(x, 2, 4);
        Variable half = leaf(1, 2);
        half.mul(Tensor.of(new float[] {3, 4}, 2)).sum().backward();
        assertEquals(DType.F64, half.grad().dtype());
    }

    @Test // 41
    void movesBetweenDevicesPassGradientsBackToTheSource() {
        Variable x = leaf(1, 2);
        x.to(Device.REFERENCE).square().sum().backward();
        assertEquals(x.device(), x.grad().device());
        assertGrad(x, 2, 4);
    }

    @Test // 42
    void aTensorInARecordedOperatorIsAConstant() {
        Variable x = leaf(2);
        Tensor plain = Tensor.of(new double[] {5}, 1);
        x.mul(plain.mul(plain)).backward();
        assertGrad(x, 25);
        assertValue(plain, 5);
    }
}
