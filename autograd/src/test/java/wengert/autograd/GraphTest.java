package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertRefused;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;
import static wengert.autograd.Values.scalar;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Op;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Which gradients come out of a graph. Numbers in comments count the behaviours other engines test.
class GraphTest {
    @Test // 1
    void gradientsOfGradientsAddUp() {
        Variable x = leaf(1, 2);
        Variable y = leaf(3, 5);
        Variable f = x.square().add(x.mul(y)).add(y.square());
        List<Variable> g = Autograd.of(f).gradOutputs(Tensor.full(1, DType.F64, 2)).createGraph(true)
                .grad(x, y);
        assertValue(g.get(0).value(), 2 * 1 + 3, 2 * 2 + 5);
        assertValue(g.get(1).value(), 1 + 2 * 3, 2 + 2 * 5);
        g.get(0).mul(2).add(g.get(1)).sum().backward();
        assertGrad(x, 5, 5);
        assertGrad(y, 4, 4);
    }

    @Test // 2
    void gradLeavesGradAloneAndTakesResults() {
        Variable x = leaf(1, 2);
        Variable y = leaf(3, 5);
        Variable f = x.square().add(x.mul(y)).sum();
        assertValue(Autograd.of(f).grad(x).get(0).value(), 5, 9);
        assertNull(x.grad());
        assertNull(y.grad());

        Variable start = leaf(4);
        Variable at = start.mul(1);
        for (int i = 0; i < 5; i++) {
            Variable loss = at.square().sum();
            at = at.sub(Autograd.of(loss).createGraph(true).grad(at).get(0).mul(0.25));
        }
        assertValue(at.value(), 4 / 32.0);
        assertNull(start.grad());
        at.sum().backward();
        assertGrad(start, 1 / 32.0);
    }

    @Test // 3
    void backwardOnALeafGivesTheGradOutput() {
        Variable x = leaf(1, 2);
        x.backward(Tensor.of(new double[] {7, -1}, 2));
        assertGrad(x, 7, -1);
    }

    @Test // 4
    void rootsThatShareAPartAddUp() {
        Variable x = leaf(2, 3);
        Variable shared = x.mul(x);
        Variable a = shared.mul(3);
        Variable b = shared.exp();
        Tensor ga = Tensor.of(new double[] {1, 2}, 2);
        Tensor gb = Tensor.of(new double[] {0.5, 0.25}, 2);
        Autograd.of(a, b).gradOutputs(ga, gb).backward();
        assertGrad(x, 2 * 2 * (3 + 0.5 * Math.exp(4)), 2 * 3 * (6 + 0.25 * Math.exp(9)));
    }

    @Test // 5
    void theSameRootTwiceCountsTwice() {
        Variable x = leaf(2, 3);
        Variable y = x.square();
        Tensor g = Tensor.of(new double[] {1, 10}, 2);
        Autograd.of(y, y).gradOutputs(g, g).backward();
        assertGrad(x, 8, 120);
    }

    @Test // 6
    void aRootMayDependOnAnotherRoot() {
        Variable x = leaf(2);
        Variable y = x.square();
        Variable z = y.mul(y).mul(y);
        Autograd.of(y, z).gradOutputs(Tensor.of(new double[] {3}, 1), Tensor.of(new double[] {0.5}, 1))
                .backward();
        assertGrad(x, 2 * 2 * 3 + 6 * 32 * 0.5);
    }

    @Test // 7
    void aGradientThatSeveralReadIsNotSummedInPlace() {
        Variable x = leaf(1);
        Variable a = x.mul(2);
        Variable b = a.add(a.mul(3));      // a is read twice
        Variable c = b.add(x).add(a);      // and once more
        Autograd.of(c).gradOutputs(Tensor.of(new double[] {2}, 1)).backward(x, a);
        assertGrad(a, 2 * (1 + 3 + 1));
        assertGrad(x, 2 * (2 * 5 + 1));
    }

    @Test // 8
    void unusedOutputsOfAnOperatorCountAsZero() {
        Variable x = leaf(1, 2, 3, 4);
        List<Variable> halves = x.applyAll(new Halves(), List.of(x));
        halves.get(1).mul(5).sum().backward();
        assertGrad(x, 0, 0, 5, 5);
    }

    /// Splits [2n] into two outputs [n]; its rule meets null where an output was not used.
    private record Halves() implements Op {
        @Override
        public Spec[] infer(Spec[] in) {
            Spec half = Spec.of(in[0].shape().with(0, in[0].shape().size(0) / 2), in[0].dtype());
            return new Spec[] {half, half};
        }

        @Override
        public void forward(Backend k, View[] in, View[] out) {
            int n = out[0].shape().size(0);
            k.copy(in[0].slice(0, 0, 1, n), out[0]);
            k.copy(in[0].slice(0, n, 1, n), out[1]);
        }

        @Override
        public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
            T any = dys.get(0) == null ? dys.get(1) : dys.get(0);
            T zero = any.mul(0);
            T first = dys.get(0) == null ? zero : dys.get(0);
            T second = dys.get(1) == null ? zero : dys.get(1);
            T right = any.filled(wengert.tensor.spi.Shape.of(2, 1), any.dtype(), 0)
                    .add(first.reshape(1, -1).mul(column(any, 1, 0)))
                    .add(second.reshape(1, -1).mul(column(any, 0, 1)));
            return Arrays.asList(right.reshape(s.shape(0)));
        }

        private static <T extends TensorOps<T>> T column(T like, double top, double bottom) {
            return like.lift(Tensor.of(new double[] {top, bottom}, 2, 1));
        }
    }

    @Test // 9
    void whatDoesNotLeadToATargetIsNotExecuted() {
        Variable x = leaf(2);
        Variable y = leaf(3);
        var counter = new Counting();
        Variable onlyY = y.apply(counter);
        Variable out = x.mul(onlyY).sum();
        assertValue(Autograd.of(out).grad(x).get(0).value(), 3);
        assertEquals(0, counter.calls[0]);
        Variable other = leaf(1);
        Variable out2 = x.mul(y.apply(counter)).sum();
        List<Variable> g = Autograd.of(out2).allowUnused(true).grad(x, other);
        assertValue(g.get(0).value(), 3);
        assertNull(g.get(1));
        assertEquals(0, counter.calls[0]);
    }

    /// The identity; counts how often its rule runs.
    private record Counting(int[] calls) implements SingleOp {
        Counting() {
            this(new int[1]);
        }

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
            calls[0]++;
            return dy;
        }
    }

    @Test // 10
    void anUnrelatedInputIsRefusedUnlessAllowed() {
        Variable x = leaf(2);
        Variable unrelated = leaf(3);
        assertRefused(() -> Autograd.of(x.square()).grad(x, unrelated), "input 1", "Set allowUnused(true)");
        List<Variable> g = Autograd.of(x.square()).allowUnused(true).grad(x, unrelated);
        assertNull(g.get(1));
    }

    @Test // 11
    void materializedGradientsAreZerosOfTheInputsShape() {
        Variable x = leaf(2);
        Variable unrelated = leaf(3, 4);
        List<Variable> g = Autograd.of(x.square()).materializeGrads(true).createGraph(true)
                .grad(x, unrelated);
        assertValue(g.get(1).value(), 0, 0);
        g.get(0).sum().add(g.get(1).sum()).backward();
        assertGrad(x, 2);
    }

    @Test // 12
    void aGradOutputOfAnotherFormIsRefused() {
        Variable y = leaf(1, 2, 3).square();
        assertRefused(() -> y.backward(Tensor.full(1, DType.F64, 2)), "mismatch in shape", "[2]", "[3]");
        assertRefused(() -> y.backward(Tensor.ones(3)), "required to have the same dtype", "f64", "f32");
    }

    @Test // 13
    void onlyScalarsHaveAnImplicitGradOutput() {
        assertRefused(() -> leaf(1, 2).square().backward(), "grad can be implicitly created only for scalar "
                + "outputs", "[2]");
    }

    @Test // 14
    void aRootWithoutHistoryIsRefused() {
        Variable constant = Variable.of(Tensor.of(new double[] {1}, 1));
        assertRefused(constant::backward, "does not require grad");
        assertRefused(() -> Autograd.of(leaf(1).square(), constant.square()).backward(), "output 1",
                "does not require grad");
    }

    @Test // 15
    void emptyInputsAreRefused() {
        Variable y = leaf(1).square();
        assertRefused(() -> Autograd.of(y).grad(), "requires non-empty inputs");
        assertRefused(() -> Autograd.of(y).backward(new Variable[0]), "cannot be empty");
    }

    @Test // 16
    void backwardOfSomeInputsTouchesOnlyThem() {
        Variable x = leaf(2);
        Variable y = leaf(3);
        Variable unrelated = leaf(4);
        Variable product = x.mul(y);
        Autograd.of(product.square()).backward(x, product, unrelated);
        assertGrad(x, 2 * 6 * 3);
        assertGrad(product, 12);
        assertNull(y.grad());
        assertNull(unrelated.grad());
    }

    @Test // 17
    void aMillionNodesNeedNoStack() {
        Variable x = scalar(1);
        Variable y = x;
        Variable skip = x;
        for (int i = 0; i < 1_000_000; i++) {
            y = i % 1000 == 999 ? y.add(skip).mul(0.5) : y.add(0);
            skip = i % 1000 == 999 ? y : skip;
        }
        y.backward();
        assertGrad(x, 1);
    }

    @Test // 18
    void zeroSizedValuesHaveZeroSizedGradients() {
        Variable a = Variable.of(Tensor.full(1, DType.F64, 4, 0)).requiresGrad(true);
        Variable b = Variable.of(Tensor.full(1, DType.F64, 4, 1)).requiresGrad(true);
        Variable y = a.add(b);
        assertEquals("[4,0]", y.shape().toString());
        y.sum().backward();
        assertEquals("[4,0]", a.grad().shape().toString());
        assertGrad(b, 0, 0, 0, 0);
    }

    @Test // 19
    void threadsDoNotSeeEachOther() throws Exception {
        Callable<double[]> work = () -> {
            Variable x = leaf(1, 2, 3);
            for (int i = 0; i < 50; i++) {
                boolean off = GradMode.off(() -> !x.square().requiresGrad() && !GradMode.isOn());
                assertTrue(off && GradMode.isOn());
                x.mul(x).exp().sum().backward();
            }
            return x.grad().toDoubleArray();
        };
        try (var pool = Executors.newFixedThreadPool(2)) {
            var results = pool.invokeAll(List.of(work, work));
            assertTrue(Arrays.equals(results.get(0).get(), results.get(1).get()));
        }
    }
}
