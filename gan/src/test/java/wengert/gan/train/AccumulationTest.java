package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import wengert.autograd.Variable;
import wengert.gan.loss.AdversarialLoss;
import wengert.gan.train.Scalars.Affine;
import wengert.gan.data.Batch;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.Schedule;
import wengert.nn.optim.Sgd;
import wengert.nn.optim.UpdateRule;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;

/// Windows of several batches are one update, and counters count updates.
class AccumulationTest {
    /// The discriminator's cost is `mean (D(x) − 1)²` of the real images alone.
    private record OnlyReal() implements AdversarialLoss {
        @Override
        public String name() {
            return "only_real";
        }

        @Override
        public <T extends TensorOps<T>> T real(T logits) {
            return logits.sub(1).square().mean();
        }

        @Override
        public <T extends TensorOps<T>> T fake(T logits) {
            return logits.mul(0).mean();
        }

        @Override
        public <T extends TensorOps<T>> T generator(T logits) {
            return logits.mean();
        }
    }

    /// Consecutive numbers from 1, `size` to a batch.
    private record Counting(int size, int accumulation) implements StepInputs {
        @Override
        public Batch real(int t, int a) {
            double[] values = new double[size];
            java.util.Arrays.setAll(values, i -> (t * accumulation + a) * size + i + 1);
            return new Batch(Scalars.column(values), null);
        }

        @Override
        public Tensor noise(Phase phase, int t, int a, int n) {
            return Scalars.column(new double[n]);
        }

        @Override
        public Tensor labels(Phase phase, int t, int a, int n) {
            return null;
        }

        @Override
        public Tensor epsilon(int t, int a, int n) {
            throw new AssertionError("nobody mixes here");
        }
    }

    private final Affine discriminator = new Affine(0.5, 0);
    private final Affine generator = new Affine(1, 0);
    private Optimizer optD;

    /// A discriminator `w·x` alone: its bias is not trained, the generator never has its turn.
    private GanTrainer trainer(UpdateRule rule) {
        discriminator.b.requiresGrad(false);
        optD = new Optimizer(java.util.List.of(discriminator.a), rule);
        return new GanTrainer(generator, discriminator, new Optimizer(generator.parameters(), Sgd.of(0.1)),
                optD, new OnlyReal()).discInitSteps(Integer.MAX_VALUE);
    }

    @Test
    void threeSmallBatchesGiveTheGradientOfOneLargeOne() {
        trainer(Sgd.of(1e-12)).iteration(0, new Counting(6, 1));
        assertEquals(8.16666666667, discriminator.a.grad().item(), 1e-9);
        trainer(Sgd.of(1e-12)).accumulation(3).iteration(0, new Counting(2, 3));
        assertEquals(8.16666666667, discriminator.a.grad().item(), 1e-9);
    }

    @Test
    void adamCountsUpdatesNotBatches() {
        GanTrainer trainer = trainer(Adam.of(0.01).betas(0.5, 0.999)).accumulation(2);
        trainer.iteration(0, new Counting(2, 2));
        assertEquals(0.49000000004, discriminator.a.value().item(), 1e-11);
        trainer.iteration(1, new Counting(2, 2));
        assertEquals(0.480211369738, discriminator.a.value().item(), 1e-11);
        assertEquals(2, optD.count(discriminator.a));
    }

    @Test
    void theScheduleCountsUpdatesWhateverTheWindow() {
        double[] want = {2e-4, 1.5e-4, 1e-4, 5e-5};
        for (int window : new int[] {1, 2}) {
            GanTrainer trainer = trainer(Sgd.of(2e-4)).accumulation(window)
                    .schedules(Schedule.constant(), Schedule.linear(1, 0, 4));
            for (int t = 0; t < 4; t++) {
                trainer.iteration(t, new Counting(2, window));
                assertEquals(want[t], optD.groups().getFirst().lr(), 1e-18);
            }
        }
    }

    @Test
    void discStepsAreCountedOverTheRunNotTheEpoch() {
        GanTrainer trainer = trainer(Sgd.of(1e-3)).discInitSteps(0).discSteps(5);
        for (int t = 0; t < 15; t++) {
            boolean trained = trainer.iteration(t, new Counting(2, 1)).containsKey("loss_gen");
            assertEquals((t + 1) % 5 == 0, trained, "iteration " + t);
        }
        assertEquals(3, trainer.generatorUpdates());
    }

    @Test
    void lossesAreMeansOverTheWindow() {
        double whole = trainer(Sgd.of(1e-12)).iteration(0, new Counting(6, 1)).get("loss_disc_real");
        double parts = trainer(Sgd.of(1e-12)).accumulation(3).iteration(0, new Counting(2, 3))
                .get("loss_disc_real");
        assertEquals(whole, parts, 1e-9);
        Variable d = discriminator.forward(Variable.of(Scalars.column(1, 2, 3, 4, 5, 6)));
        assertEquals(d.sub(1).square().mean().value().item(), whole, 1e-9);
    }
}
