package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertRefused;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.ShapeException;

/// Gradients of folds and of indexing: ties, constants, zeros, duplicates.
class FoldGradientTest {
    private static final double NAN = Double.NaN;

    private static Tensor whole(int... values) {
        return Tensor.of(values, values.length);
    }

    @Test
    void equalOnesShareTheGradient() {
        Variable x = leaf(3, 1, 3, 3);
        x.max().backward();
        assertGrad(x, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3);
        Variable a = leaf(1, 2);
        Variable b = leaf(1, 3);
        a.minimum(b).sum().backward();
        assertGrad(a, 0.5, 1);
        assertGrad(b, 0.5, 0);
        Variable s = leaf(2, 5);
        s.maximum(s).sum().backward();
        assertGrad(s, 1, 1);
    }

    @Test
    void theGradientOfNaNGoesToTheNaNs() {
        Variable x = leaf(5, NAN, 7);
        x.max().backward();
        assertGrad(x, 0, 1, 0);
    }

    /// op-03 a, b
    @Test
    void spreadOfAConstantHasGradientZero() {
        for (double c : new double[] {3, 0.1}) {
            Variable x = leaf(c, c, c, c);
            Variable s = x.std(1);
            assertValue(s.value(), 0);
            s.backward();
            assertGrad(x, 0, 0, 0, 0);
            Variable y = leaf(c, c, c, c);
            Variable minibatch = y.var(1).add(1e-8).sqrt();
            assertValue(minibatch.value(), 1e-4);
            minibatch.backward();
            assertGrad(y, 0, 0, 0, 0);
        }
    }

    /// op-03 c
    @Test
    void normOfZeroHasGradientZeroAtEveryOrder() {
        Variable x = leaf(0, 0, 0);
        Variable g = x.norm();
        for (int order = 1; order <= 3; order++) {
            g = Autograd.of(g.sum()).createGraph(true).grad(x).get(0);
            assertValue(g.value(), 0, 0, 0);
        }
        Variable mixed = Variable.of(Tensor.of(new double[] {0, 0, 3, 4}, 2, 2)).requiresGrad(true);
        mixed.norm(1).sum().backward();
        assertGrad(mixed, 0, 0, 0.6, 0.8);
    }

    /// op-03 d
    @Test
    void gradientPenaltyOfACriticWithoutSlope() {
        double[][] cases = {{0, 0, 10, 0, 0}, {3, 4, 160, 48, 64}};
        for (double[] c : cases) {
            Variable w = leaf(c[0], c[1]);
            Variable x = Variable.of(Tensor.of(new double[] {1, 2, -1, 5}, 2, 2)).requiresGrad(true);
            Variable dx = Autograd.of(x.matmul(w).sum()).createGraph(true).grad(x).get(0);
            Variable penalty = dx.norm(1).sub(1).square().mean().mul(10);
            assertValue(penalty.value(), c[2]);
            penalty.backward();
            assertGrad(w, c[3], c[4]);
        }
    }

    @Test
    void runningSumsRunBackwards() {
        Variable x = Variable.of(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3)).requiresGrad(true);
        x.cumsum(1).backward(Tensor.of(new double[] {1, 10, 100, 2, 20, 200}, 2, 3));
        assertGrad(x, 111, 110, 100, 222, 220, 200);
    }

    @Test
    void whatIsChosenTwiceReceivesBothGradients() {
        Variable x = leaf(1, 2, 3);
        x.indexSelect(0, whole(0, 2, 0)).backward(Tensor.of(new double[] {1, 10, 100}, 3));
        assertGrad(x, 101, 0, 10);
        Variable table = Variable.of(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2)).requiresGrad(true);
        table.embedding(Tensor.of(new long[] {1, 1, 0, 1}, 2, 2)).sum().backward();
        assertGrad(table, 1, 1, 3, 3);
        Variable t = Variable.of(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2)).requiresGrad(true);
        t.index(whole(0, 0), whole(1, 1)).sum().backward();
        assertGrad(t, 0, 2, 0, 0);
    }

    @Test
    void masksSendGradientsBackWhereTheyCameFrom() {
        Variable x = leaf(1, -2, 3);
        x.maskedSelect(x.gt(0)).backward(Tensor.of(new double[] {5, 7}, 2));
        assertGrad(x, 5, 0, 7);
    }

    @Test
    void bothSidesOfAScatterHaveGradients() {
        Variable x = leaf(1, 2);
        Variable source = leaf(5, 6, 7);
        x.scatterAdd(0, Tensor.of(new long[] {1, 1, 0}, 3), source)
                .backward(Tensor.of(new double[] {3, 4}, 2));
        assertGrad(x, 3, 4);
        assertGrad(source, 4, 4, 3);
    }

    @Test
    void anIndexThatDoesNotExistLeavesTheGraphUsable() {
        Variable x = leaf(1, 2);
        Variable y = x.square();
        assertThrows(ShapeException.class, () -> y.indexSelect(0, whole(2)));
        y.sum().backward();
        assertGrad(x, 2, 4);
    }

    @Test
    void comparisonsAndPlacesAreConstants() {
        Variable x = leaf(1, 2);
        assertFalse(x.gt(1).requiresGrad());
        assertFalse(x.argmax(0).requiresGrad());
        assertFalse(x.isNaN().requiresGrad());
        assertFalse(x.any().requiresGrad());
        assertRefused(() -> x.gt(1).to(x.dtype()).sum().backward(), "does not require grad");
    }

    @Test
    void signAndFloorPassNothingBack() {
        Variable x = leaf(1.5, -2);
        x.sign().add(x.floor()).sum().backward();
        assertNull(x.grad());
    }

    @Test
    void softmaxShiftsWithoutADetour() {
        Variable x = leaf(1000, 1000, 0);
        x.softmax(0).backward(Tensor.of(new double[] {1, 0, 0}, 3));
        assertGrad(x, 0.25, -0.25, 0);
        Variable l = leaf(1000, 1000, 0);
        l.logSumExp().backward();
        assertGrad(l, 0.5, 0.5, 0);
    }
}
