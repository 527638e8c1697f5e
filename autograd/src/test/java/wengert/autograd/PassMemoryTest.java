package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertRefused;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wengert.tensor.Generator;
import wengert.tensor.Memory;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// What a backward pass in a scope holds, gives back and hands over, and that none of it changes a gradient.
class PassMemoryTest {
    private static final int N = 4096;
    private static final long BYTES = 4L * N;

    @BeforeEach
    void clean() {
        Memory.trim();
        Memory.resetPeak();
    }

    private static Variable leaf(double value) {
        return Variable.of(Tensor.full(value, DType.F32, N)).requiresGrad(true);
    }

    private static Variable chain(Variable x, int length) {
        Variable y = x;
        for (int i = 0; i < length; i++) {
            y = y.tanh();
        }
        return y;
    }

    @Test
    void gradientsOnTheirWayAreGivenBackAsThePassGoes() {
        Variable x = leaf(0.5);
        try (var _ = Scope.open("step")) {
            chain(x, 20).sum().backward();
            // the forward pass, two gradients on their way at a time
            assertEquals(22 * BYTES, Memory.peakBytes());
        }
    }

    @Test
    void releaseValuesGivesBackTheForwardPass() {
        Variable x = leaf(0.5);
        try (var _ = Scope.open("step")) {
            Variable y = chain(x, 10);
            Variable loss = y.sum();
            Autograd.of(loss).releaseValues(true).backward();
            assertEquals(0, Memory.liveBytes());
            assertTrue(loss.value().item() > 0);
            assertRefused(() -> y.value().sum(), "releaseValues(true)", "copy()");
        }
        assertEquals(N, x.grad().shape().elements());
    }

    @Test
    void releaseValuesLeavesWhatAnotherGraphHasSaved() {
        Variable x = leaf(0.5);
        try (var _ = Scope.open("step")) {
            Variable y = x.tanh();
            Variable w = leaf(3);
            Variable another = w.mul(y.detach()).sum();
            Autograd.of(y.square().sum()).releaseValues(true).backward();
            another.backward();
            assertEquals(Math.tanh(0.5), w.lendGrad().toDoubleArray()[5], 1e-6);
        }
    }

    @Test
    void aPassThatIsDifferentiatedAgainKeepsOnlyWhatItsOperatorsSaved() {
        Variable x = leaf(0.5);
        try (var _ = Scope.open("step")) {
            Variable y = chain(x, 10).sum();
            long forward = Memory.liveBytes();
            Variable dx = Autograd.of(y).createGraph(true).grad(x).get(0);
            // each step of the pass saves the gradient that it received
            assertTrue(Memory.liveBytes() - forward <= 11 * BYTES, Memory.liveBytes() + " after " + forward);
            assertTrue(Memory.peakBytes() - forward <= 13 * BYTES, Memory.peakBytes() + " after " + forward);
            Autograd.of(dx.square().sum()).releaseValues(true).backward();
            // input and output of the last tanh: its node is no part of dx's graph
            assertEquals(2 * BYTES, Memory.liveBytes());
        }
    }

    @Test
    void withoutReleaseValuesResultsStayReadable() {
        Variable x = leaf(0.5);
        try (var _ = Scope.open("step")) {
            Variable y = chain(x, 3);
            y.sum().backward();
            assertEquals(Math.tanh(Math.tanh(Math.tanh(0.5))), y.value().toDoubleArray()[7], 1e-6);
        }
    }

    @Test
    void releaseValuesLeavesWhatWasKeptAndWhatIsShared() {
        Variable x = leaf(0.5);
        Tensor kept;
        try (var step = Scope.open("step")) {
            Variable y = x.tanh();
            kept = step.keep(y.value());
            Variable view = x.reshape(64, 64);
            Variable loss = y.mul(view.reshape(N)).sum();
            Autograd.of(loss).releaseValues(true).backward();
            assertEquals(N / 2, view.value().sum().item());
        }
        assertEquals(Math.tanh(0.5), kept.toDoubleArray()[0], 1e-6);
    }

    @Test
    void valuesCannotBeBothReleasedAndRetained() {
        Variable x = leaf(0.5);
        assertRefused(() -> Autograd.of(x.tanh().sum()).releaseValues(true).retainGraph(true).backward(),
                "releaseValues", "retainGraph");
        assertRefused(() -> Autograd.of(x.tanh().sum()).releaseValues(true).createGraph(true).grad(x),
                "releaseValues", "createGraph");
    }

    @Test
    void aGradientThatWasAskedForSurvivesZeroGrad() {
        Variable x = leaf(2);
        try (var _ = Scope.open("step")) {
            x.square().sum().backward();
        }
        Tensor mine = x.grad();
        x.zeroGrad();
        try (var _ = Scope.open("step")) {
            x.mul(3).sum().backward();
        }
        assertNotSame(mine, x.grad());
        assertEquals(4, mine.toDoubleArray()[0]);
        assertEquals(3, x.grad().toDoubleArray()[0]);
    }

    @Test
    void aGradientThatWasOnlyLentGoesToThePoolAndTheErrorSaysSo() {
        Variable x = leaf(2);
        try (var _ = Scope.open("step")) {
            x.square().sum().backward();
        }
        Tensor lent = x.lendGrad();
        assertEquals(4, lent.toDoubleArray()[0]);
        long before = Memory.cachedBytes();
        x.zeroGrad();
        assertEquals(before + BYTES, Memory.cachedBytes());
        assertRefused(lent::sum, "zeroGrad", "grad()");
    }

    @Test
    void theGradientOfALeafThatLivesInAScopeLivesThereToo() {
        Tensor g;
        try (var _ = Scope.open("step")) {
            Variable x = Variable.of(Tensor.full(2, DType.F32, N)).requiresGrad(true);
            x.square().sum().backward();
            g = x.grad();
            x.zeroGrad();
            assertEquals(4, g.toDoubleArray()[0]);
        }
        assertRefused(g::sum, "'step'");
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void gradientsAddUpAcrossScopes() {
        Variable x = leaf(2);
        for (int i = 1; i <= 3; i++) {
            try (var _ = Scope.open("step")) {
                x.square().sum().backward();
            }
            assertEquals(4 * i, x.lendGrad().toDoubleArray()[0]);
        }
    }

    @Test
    void whatTheCallerPassesIsNeverTakenOver() {
        Variable x = leaf(2);
        Variable y = leaf(3);
        try (var _ = Scope.open("step")) {
            Tensor g = Tensor.ones(N);
            x.add(y).backward(g);
            x.add(y).backward(g);
            assertEquals(1, g.toDoubleArray()[0]);
            assertEquals(2, x.lendGrad().toDoubleArray()[0]);
            assertEquals(2, y.lendGrad().toDoubleArray()[0]);
            List<Variable> twice = Autograd.of(x.add(y)).gradOutputs(g).grad(x, y);
            assertSame(g, twice.get(0).value());
        }
    }

    @Test
    void aLeafsGradientThatStartsThePassIsNotChangedWhileItIsOnItsWay() {
        for (boolean scoped : new boolean[] {false, true}) {
            Variable x = leaf(2);
            Variable y = leaf(3);
            x.grad(Tensor.ones(N));
            try (var _ = scoped ? Scope.open("step") : null) {
                x.add(y).backward(x.grad());
                x.add(y.mul(x.grad())).backward(x.grad().reshape(64, 64).reshape(N));
            }
            assertEquals(4, x.grad().toDoubleArray()[5]);
            assertEquals(1 + 4, y.grad().toDoubleArray()[5]);
        }
    }

    @Test
    void aGradientOfTheDeviceThatAParameterWasOnIsRefused() {
        var p = new Parameter("p", Tensor.full(2, DType.F32, N));
        Variable y = p.mul(3).sum();
        p.replace(Tensor.full(2, DType.F32, N).to(Device.REFERENCE));
        assertRefused(y::backward, "on reference", "on cpu");
    }

    @Test
    void aGradientOfTheDtypeThatAParameterHadIsRefused() {
        for (boolean scoped : new boolean[] {false, true}) {
            var p = new Parameter("p", Tensor.full(2, DType.F32, N));
            try (var _ = scoped ? Scope.open("step") : null) {
                Variable y = p.mul(3).sum();
                p.replace(Scope.outside(() -> Tensor.full(2, DType.F64, N)));
                assertRefused(y::backward, "expected f64", "got f32");
            }
            assertNull(p.grad());
        }
    }

    @Test
    void anExceptionInARuleLeavesNothingInThePass() {
        Variable x = leaf(1);
        try (var _ = Scope.open("step")) {
            Variable y = x.tanh().apply(new Throwing());
            long before = Memory.liveBytes();
            Tensor g = Tensor.ones(N);
            assertThrows(IllegalStateException.class, () -> y.tanh().backward(g));
            Scope.release(g.view(), "");
            assertEquals(before + BYTES, Memory.liveBytes());
        }
        assertEquals(0, Memory.liveBytes());
    }

    /// The identity; its rule fails after it has made something.
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
            dy.mul(2);
            throw new IllegalStateException("no rule today");
        }
    }

    /// Random graphs with shared parts, views, broadcasting and several roots: the same bits without a scope,
    /// in one, and with values released; and twice in the same pool.
    @Test
    void memoryNeverChangesAGradient() {
        for (int seed = 0; seed < 60; seed++) {
            List<Tensor> expected = gradients(seed, false);
            for (boolean release : new boolean[] {false, true, true}) {
                List<Tensor> actual;
                try (var _ = Scope.open("step")) {
                    actual = gradients(seed, release);
                }
                for (int i = 0; i < expected.size(); i++) {
                    assertTrue(expected.get(i).sameBits(actual.get(i)), "seed " + seed + ", leaf " + i);
                }
            }
        }
    }

    @Test
    void memoryNeverChangesAGradientOfAGradient() {
        for (int seed = 0; seed < 40; seed++) {
            List<Tensor> expected = second(seed, false);
            for (boolean release : new boolean[] {false, true, true}) {
                try (var _ = Scope.open("step")) {
                    List<Tensor> actual = second(seed, release);
                    for (int i = 0; i < expected.size(); i++) {
                        assertTrue(expected.get(i).sameBits(actual.get(i)), "seed " + seed + ", leaf " + i);
                    }
                }
            }
        }
    }

    private static List<Tensor> second(int seed, boolean release) {
        Random r = new Random(seed);
        var data = Generator.seeded(seed).stream("data");
        Variable x = Variable.of(Scope.outside(() -> data.normal(40, 40))).requiresGrad(true);
        Variable w = Variable.of(Scope.outside(() -> data.normal(40, 40))).requiresGrad(true);
        Variable y = x;
        for (int i = 0; i < 5; i++) {
            y = switch (r.nextInt(5)) {
                case 0 -> y.matmul(w).mul(0.1).tanh();
                case 1 -> y.mul(y).add(w);
                case 2 -> y.transpose(0, 1).reshape(20, 80).sigmoid().reshape(40, 40);
                case 3 -> y.sub(y.meanKeep(1)).mul(w);
                default -> y.mul(x).add(y).add(y);
            };
        }
        List<Variable> dx = Autograd.of(y.square().sum()).createGraph(true).grad(x, w);
        Variable penalty = dx.get(0).square().sum().add(dx.get(1).mul(0.5).sum()).add(y.mean());
        Autograd.of(penalty).releaseValues(release).backward();
        return List.of(x.grad(), w.grad());
    }

    private static List<Tensor> gradients(int seed, boolean release) {
        Random r = new Random(seed);
        var data = Generator.seeded(seed).stream("data");
        List<Variable> leaves = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            leaves.add(Variable.of(Scope.outside(() -> data.normal(40, 40))).requiresGrad(true));
        }
        Variable row = Variable.of(Scope.outside(() -> data.normal(40))).requiresGrad(true);
        List<Variable> values = new ArrayList<>(leaves);
        leaves.add(row);
        for (int i = 0; i < 12; i++) {
            Variable a = values.get(r.nextInt(values.size()));
            Variable b = values.get(r.nextInt(values.size()));
            values.add(switch (r.nextInt(9)) {
                case 0 -> a.add(b);
                case 1 -> a.mul(b).tanh();
                case 2 -> a.matmul(b).mul(0.1);
                case 3 -> a.transpose(0, 1);
                case 4 -> a.reshape(20, 80).reshape(40, 40).sigmoid();
                case 5 -> a.add(row).add(b);
                case 6 -> a.sum(1).reshape(40, 1).mul(b).mul(0.1);
                case 7 -> a.narrow(0, 0, 20).add(b.narrow(0, 20, 20)).expand(2, 20, 40).reshape(40, 40);
                default -> a.add(a).sub(b);
            });
        }
        Variable loss = values.get(values.size() - 1).sum()
                .add(values.get(values.size() - 3).square().mean());
        for (Variable leaf : leaves) {
            loss = loss.add(leaf.sum());
        }
        for (int pass = 0; pass < 2; pass++) {
            Autograd.of(loss, loss.mul(2)).releaseValues(release && pass == 1).retainGraph(pass == 0)
                    .backward();
        }
        List<Tensor> result = new ArrayList<>();
        for (Variable leaf : leaves) {
            result.add(leaf.grad());
        }
        return result;
    }
}
