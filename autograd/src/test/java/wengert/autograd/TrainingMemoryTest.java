package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import wengert.tensor.Generator;
import wengert.tensor.Memory;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Whatever order a training loop calls things in, its gradients have the bits they have without scopes,
/// where nothing is given back or used again. What waits in the pool is NaN in between, so that nobody lives
/// on what a buffer held before.
class TrainingMemoryTest {
    private static final int SIDE = 36;
    private static final int N = SIDE * SIDE;

    @Test
    void noOrderOfStepsChangesAGradient() {
        for (int seed = 0; seed < 120; seed++) {
            List<Tensor> expected = new Loop(seed, false, false).run();
            for (boolean release : new boolean[] {false, true}) {
                List<Tensor> actual = new Loop(seed, true, release).run();
                assertEquals(expected.size(), actual.size());
                for (int i = 0; i < expected.size(); i++) {
                    assertTrue(expected.get(i).sameBits(actual.get(i)), "seed " + seed + ", gradient " + i);
                }
            }
        }
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void loopsOnSeveralThreadsShareThePool() throws Exception {
        List<List<Tensor>> expected = new ArrayList<>();
        for (int seed = 0; seed < 24; seed++) {
            expected.add(new Loop(seed, false, false).run());
        }
        List<Callable<Boolean>> loops = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            int seed = i;
            loops.add(() -> {
                List<Tensor> actual = new Loop(seed, true, true).run();
                for (int j = 0; j < actual.size(); j++) {
                    if (!expected.get(seed).get(j).sameBits(actual.get(j))) {
                        return false;
                    }
                }
                return true;
            });
        }
        try (var threads = Executors.newFixedThreadPool(3)) {
            for (Future<Boolean> same : threads.invokeAll(loops)) {
                assertTrue(same.get());
            }
        }
    }

    /// A training loop that its seed has made.
    private static final class Loop {
        private final Random r;
        private final boolean scoped;
        private final boolean release;
        private final List<Variable> leaves = new ArrayList<>();
        private final List<Tensor> seen = new ArrayList<>();
        /// Gradients that were asked for and then forgotten by their leaves, and what they were.
        private final List<Tensor> kept = new ArrayList<>();
        private final List<Tensor> were = new ArrayList<>();

        Loop(int seed, boolean scoped, boolean release) {
            r = new Random(seed);
            this.scoped = scoped;
            this.release = release;
            var data = Generator.seeded(seed).stream("data");
            for (int i = 0; i < 4; i++) {
                leaves.add(Variable.of(data.normal(SIDE, SIDE)).requiresGrad(true));
            }
        }

        List<Tensor> run() {
            for (int step = 0; step < 8; step++) {
                poison();
                try (var _ = scoped ? Scope.open("step") : null) {
                    zeroGrad();
                    try (var _ = Frozen.of(r.nextInt(3) == 0 ? leaves.subList(0, 2) : List.of())) {
                        for (int passes = 1 + r.nextInt(3); passes > 0; passes--) {
                            pass();
                            poison();
                        }
                    }
                    look();
                }
            }
            zeroGrad();
            poison();
            for (int i = 0; i < kept.size(); i++) {
                assertTrue(kept.get(i).sameBits(were.get(i)), "a kept gradient has changed");
            }
            return seen;
        }

        private void poison() {
            if (scoped) {
                try (var _ = Scope.open("poison")) {
                    for (int i = 0; i < 12; i++) {
                        Tensor.full(Double.NaN, leaves.get(0).dtype(), N);
                    }
                }
            }
        }

        private void zeroGrad() {
            int what = r.nextInt(4);
            for (Variable leaf : leaves) {
                if (what == 0) {
                    continue; // gradients add up over steps
                }
                if (what == 1 && leaf.lendGrad() != null) {
                    kept.add(leaf.grad());
                    were.add(Scope.outside(() -> leaf.lendGrad().copy()));
                }
                leaf.zeroGrad();
            }
        }

        private void look() {
            for (Variable leaf : leaves) {
                seen.add(Scope.outside(() -> leaf.lendGrad() == null ? Tensor.zeros(1)
                        : leaf.lendGrad().copy()));
            }
        }

        private void pass() {
            Variable y = graph();
            Variable loss = y.square().mean();
            switch (r.nextInt(8)) {
                case 0 -> {
                    Autograd.of(loss).retainGraph(true).backward();
                    Autograd.of(loss).releaseValues(release).backward();
                    assertThrows(RuntimeException.class, () -> Autograd.of(loss).backward());
                }
                case 1 -> penalty(loss, leaves.get(r.nextInt(4)), leaves.get(r.nextInt(4)));
                case 2 -> {
                    Variable failing = y.apply(new Throwing()).add(leaves.get(0)).mul(leaves.get(1)).mean();
                    if (failing.requiresGrad()) {
                        assertThrows(IllegalStateException.class,
                                () -> Autograd.of(failing).releaseValues(release).backward());
                    }
                }
                case 3 -> Autograd.of(loss).releaseValues(release).backward(leaves.get(3), leaves.get(2));
                case 4 -> {
                    Variable leaf = leaves.get(3);
                    if (leaf.lendGrad() == null) {
                        loss.backward();
                    }
                    Variable sum = leaf.add(leaves.get(2)).add(leaf);
                    Autograd.of(sum).gradOutputs(leaf.lendGrad()).releaseValues(release).backward();
                }
                case 5 -> {
                    Variable head = Variable.of(y.value()).requiresGrad(true);
                    Autograd.of(head.mul(leaves.get(3)).tanh().mean()).releaseValues(release).backward();
                    Autograd.of(y).gradOutputs(head.grad()).releaseValues(release).backward();
                }
                case 6 -> {
                    Variable another = y.detach().mul(leaves.get(3)).mean();
                    Autograd.of(loss).releaseValues(release).backward();
                    Autograd.of(another).releaseValues(release).backward();
                }
                default -> Autograd.of(loss, loss.mul(2)).releaseValues(release).backward();
            }
        }

        private void penalty(Variable loss, Variable a, Variable b) {
            List<Variable> d = Autograd.of(loss).createGraph(true).allowUnused(true).grad(a, b);
            Variable sum = loss;
            for (Variable g : d) {
                sum = g == null ? sum : sum.add(g.square().sum());
            }
            if (r.nextBoolean()) { // the third order
                Variable again = Autograd.of(sum).createGraph(true).allowUnused(true).grad(a).get(0);
                sum = again == null ? sum : sum.add(again.mul(again).mean());
            }
            Autograd.of(sum).releaseValues(release).backward();
        }

        private Variable graph() {
            List<Variable> values = new ArrayList<>(leaves);
            for (int i = 0; i < 6; i++) {
                Variable a = values.get(r.nextInt(values.size()));
                Variable b = values.get(r.nextInt(values.size()));
                values.add(switch (r.nextInt(8)) {
                    case 0 -> a.mul(b).tanh();
                    case 1 -> a.matmul(b).mul(0.1);
                    case 2 -> a.transpose(0, 1).add(b);
                    case 3 -> a.reshape(N / 9, 9).sigmoid().reshape(SIDE, SIDE);
                    case 4 -> a.layerNorm(1, null, null, 1e-3, 0.2).mul(b);
                    case 5 -> a.narrow(0, 0, 1).add(b);
                    case 6 -> a.detach().mul(b);
                    default -> a.add(a).sub(b.meanKeep(0));
                });
            }
            return values.get(values.size() - 1).add(leaves.get(3));
        }
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
}
