package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wengert.autograd.Variable;
import wengert.gan.data.Batch;
import wengert.gan.loss.AuxiliaryLoss;
import wengert.gan.loss.LogisticNonSaturating;
import wengert.gan.loss.Step;
import wengert.gan.train.Scalars.Affine;
import wengert.gan.train.Scalars.Given;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.Sgd;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.BackendException;

/// The order of an iteration, on scalars.
class GanTrainerTest {
    private static final Given INPUTS = new Given(
            new double[][] {{1, 2}, {3, 4}, {2, 1}, {0, 5}},
            new double[][] {{0.5, -0.5}, {1, -1}, {0.2, -0.4}, {-0.3, 0.7}},
            new double[][] {null, {0.1, 0.9}, null, {-0.6, 0.8}});

    private final Affine generator = new Affine(1, 0.5);
    private final Affine discriminator = new Affine(0.5, 0);

    private GanTrainer trainer() {
        return new GanTrainer(generator, discriminator, new Optimizer(generator.parameters(), Sgd.of(0.1)),
                new Optimizer(discriminator.parameters(), Sgd.of(0.1)), new LogisticNonSaturating());
    }

    @Test
    void discriminatorStepsUseNoGradientsOfTheGeneratorPhase() {
        GanTrainer trainer = trainer().discSteps(2);
        double[][] want = {
            {0.514648209017, -0.0237988620517, 1, 0.5, 1.22728141822, Double.NaN},
            {0.524529717793, -0.0644949169882, 1.00913874796, 0.520359615856, 1.00933734755, 0.494567123525},
            {0.547295509456, -0.0854025789485, 1.00913874796, 0.520359615856, 1.18045067309, Double.NaN},
            {0.518837855343, -0.113583044952, 1.00821535612, 0.543691206585, 1.27178157007, 0.610726174128}};
        for (int t = 0; t < 4; t++) {
            Map<String, Double> losses = trainer.iteration(t, INPUTS);
            double[] w = want[t];
            assertClose(w[0], discriminator.a.value().item());
            assertClose(w[1], discriminator.b.value().item());
            assertClose(w[2], generator.a.value().item());
            assertClose(w[3], generator.b.value().item());
            assertClose(w[4], losses.get("loss_disc_fake") + losses.get("loss_disc_real"));
            assertEquals(t % 2 == 1, losses.containsKey("loss_gen"));
            if (t % 2 == 1) {
                assertClose(w[5], losses.get("loss_gen"));
            }
        }
        assertEquals(2, trainer.generatorUpdates());
    }

    @Test
    void swappedOptimisersAreRefused() {
        var optG = new Optimizer(generator.parameters(), Sgd.of(0.1));
        var optD = new Optimizer(discriminator.parameters(), Sgd.of(0.1));
        String message = assertThrows(IllegalArgumentException.class,
                () -> new GanTrainer(generator, discriminator, optD, optG, new LogisticNonSaturating()))
                .getMessage();
        assertTrue(message.contains("optG") && message.contains("generator"), message);
    }

    @Test
    void aGeneratorPhaseLeavesTheDiscriminatorsGradientsAsTheyWere() {
        GanTrainer trainer = trainer();
        var inputs = new Given(INPUTS.reals(), INPUTS.zDisc(), new double[][] {{0.1, 0.9}});
        trainer.iteration(0, inputs);
        // the gradients of D's own phase, whose update of 0.1 is known from the other test
        assertClose((0.5 - 0.514648209017) / 0.1, discriminator.a.grad().item(), 1e-9);
        assertTrue(discriminator.a.requiresGrad());
    }

    @Test
    void theGeneratorWaitsForDiscInitSteps() {
        GanTrainer trainer = trainer().discInitSteps(3);
        var inputs = new Given(INPUTS.reals(), INPUTS.zDisc(), INPUTS.zGen());
        for (int t = 0; t < 3; t++) {
            assertEquals(false, trainer.iteration(t, inputs).containsKey("loss_gen"));
        }
        assertTrue(trainer.iteration(3, inputs).containsKey("loss_gen"));
    }

    @Test
    void aLossThatIsNoNumberStopsBeforeTheUpdate() {
        GanTrainer trainer = trainer();
        var inputs = new Given(new double[][] {{Double.NaN, 2}}, INPUTS.zDisc(), INPUTS.zGen());
        String message = assertThrows(DivergedException.class, () -> trainer.iteration(0, inputs))
                .getMessage();
        assertTrue(message.contains("loss_disc_real") && message.contains("iteration 0"), message);
        assertEquals(0.5, discriminator.a.value().item());
    }

    @Test
    void aPhaseThatFailsLeavesBuffersAndCountersAsTheyWere() {
        var dcgan = new Dcgan(8, 1, 4, 4, 4, "batch", true, 0.2, 1e-5, 0.1, 0, 0);
        var g = new LayeredNetwork(dcgan.generator());
        var d = new LayeredNetwork(dcgan.discriminator());
        g.init(Generator.seeded(1));
        d.init(Generator.seeded(2));
        var optG = new Optimizer(g.parameters(), Sgd.of(0.1));
        boolean[] fails = {true};
        var trainer = new GanTrainer(g, d, optG, new Optimizer(d.parameters(), Sgd.of(0.1)),
                new LogisticNonSaturating()).discriminatorAuxiliary(new AuxiliaryLoss() {
                    @Override
                    public String name() {
                        return "loss_fails";
                    }

                    @Override
                    public Variable term(Step step) {
                        if (fails[0]) {
                            throw new BackendException("no more");
                        }
                        return null;
                    }
                });
        Map<String, Tensor> before = new HashMap<>(g.stateDict());
        d.stateDict().forEach((name, x) -> before.put("D " + name, x));
        var inputs = new Noise();
        assertThrows(BackendException.class, () -> trainer.step(0, inputs));
        Map<String, Tensor> after = new HashMap<>(g.stateDict());
        d.stateDict().forEach((name, x) -> after.put("D " + name, x));
        before.forEach((name, x) -> assertTrue(x.sameBits(after.get(name)), name));
        assertEquals(0, trainer.generatorUpdates());
        assertEquals(List.of(), trainer.losses());
        fails[0] = false;
        trainer.step(0, inputs);
        trainer.step(1, inputs);
        List<Map<String, Double>> losses = trainer.losses();
        assertEquals(2, losses.size());
        assertTrue(losses.getFirst().containsKey("loss_gen"), losses.toString());
    }

    /// Images and noise of 8 × 8.
    private static final class Noise implements StepInputs {
        private final Generator random = Generator.seeded(3);

        @Override
        public Batch real(int t, int a) {
            return new Batch(random.stream("real").at(t).normal(4, 1, 8, 8), null);
        }

        @Override
        public Tensor noise(Phase phase, int t, int a, int n) {
            return random.stream("z." + phase).at(t).normal(n, 4);
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

    @Test
    void countsBelowOneAreRefused() {
        for (Runnable wrong : List.<Runnable>of(() -> trainer().accumulation(0),
                () -> trainer().discSteps(-1), () -> trainer().genSteps(0))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    private static void assertClose(double want, double got) {
        assertClose(want, got, 1e-11);
    }

    private static void assertClose(double want, double got, double relative) {
        assertEquals(want, got, relative * Math.max(1, Math.abs(want)));
    }
}
