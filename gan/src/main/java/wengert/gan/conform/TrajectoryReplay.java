package wengert.gan.conform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import wengert.gan.loss.AdversarialLoss;
import wengert.gan.loss.AuxiliaryLoss;
import wengert.gan.loss.DiscriminatorShift;
import wengert.gan.loss.GradientPenalty;
import wengert.gan.loss.Hinge;
import wengert.gan.loss.LeastSquares;
import wengert.gan.loss.LogisticNonSaturating;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.R1;
import wengert.gan.loss.Vanilla;
import wengert.gan.loss.Wasserstein;
import wengert.gan.nets.Architecture;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.train.Ema;
import wengert.gan.train.GanTrainer;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Tensor;

/// Replays a whole GAN training through [GanTrainer], the one that trains for users: every loss of every
/// iteration, and every tensor of the end state.
final class TrajectoryReplay {
    private final Vectors vectors;
    private final Case c;
    private final Setting setting;

    private TrajectoryReplay(Vectors vectors, Case c, Setting setting) {
        this.vectors = vectors;
        this.c = c;
        this.setting = setting;
    }

    static Outcome replay(Vectors vectors, Case c, Setting setting) {
        return new TrajectoryReplay(vectors, c, setting).run();
    }

    private Outcome run() {
        var outcome = new Outcome(c.id(), c.id(), setting);
        try {
            run(outcome);
        } catch (RuntimeException e) {
            outcome.fail(e.toString());
        }
        return outcome;
    }

    private void run(Outcome outcome) {
        // gan/wgan-gp: gradients of the layer norm's shift that are exactly 0, as many fakes as reals being
        // on each side, must come out as 0; Adam with β1 = 0 makes steps of 1e-3 of a last bit (PyTorch's
        // f32: 9e-4 off)
        double tolerance = setting.exact() ? 1e-8 : 1e-4;
        LayeredNetwork generator = network("generator");
        LayeredNetwork discriminator = network("discriminator");
        var trainer = new GanTrainer(generator, discriminator, optimizer(generator, "generator"),
                optimizer(discriminator, "discriminator"), loss(c.text("loss")))
                .discSteps(c.whole("disc_steps", 1))
                .accumulation(c.whole("batch_accumulation_steps", 1))
                .weightClip(c.real("weight_clip", 0));
        if (c.has("disc_auxiliary")) {
            c.list("disc_auxiliary").forEach(a -> trainer.discriminatorAuxiliary(auxiliary(a)));
        }
        LayeredNetwork average = null;
        if (c.has("ema")) {
            average = network("generator");
            trainer.ema(new Ema(generator, average, c.part("ema").real("momentum", 0), 0, 1));
        }
        var inputs = new ReplayInputs(vectors, c.id(), setting);
        List<?> expected = c.list("expected");
        for (int t = 0; t < c.whole("iterations", 0); t++) {
            compareLosses(outcome, t, trainer.iteration(t, inputs), (Map<?, ?>) expected.get(t), tolerance);
        }
        compareState(outcome, "generator", generator, tolerance);
        compareState(outcome, "discriminator", discriminator, tolerance);
        if (average != null) {
            compareState(outcome, "ema", average, tolerance);
        }
    }

    private void compareLosses(Outcome outcome, int t, Map<String, Double> got, Map<?, ?> want,
            double tolerance) {
        if (!got.keySet().equals(want.keySet())) {
            outcome.fail("iteration " + t + ": losses " + got.keySet() + ", expected " + want.keySet());
            return;
        }
        got.forEach((name, value) -> outcome.compare("iteration " + t + " " + name, value,
                ((Number) want.get(name)).doubleValue(), tolerance));
    }

    private void compareState(Outcome outcome, String who, LayeredNetwork network, double tolerance) {
        Map<String, Tensor> want = vectors.under(c.id() + ":final:" + who + ":");
        Map<String, Tensor> got = new TreeMap<>(network.stateDict());
        // an average holds the parameters; which buffers the reference recorded is its own affair
        if (!got.keySet().containsAll(want.keySet()) || want.isEmpty()) {
            outcome.fail("final " + who + ": state " + got.keySet() + ", expected " + want.keySet());
            return;
        }
        want.forEach((name, tensor) -> outcome.compare("final " + who + " " + name, got.get(name), tensor,
                tolerance));
    }

    private LayeredNetwork network(String which) {
        var network = new LayeredNetwork(Architecture.fromMap(c.part(which).fields()));
        network.to(setting.dtype());
        network.to(setting.device());
        network.loadStateDict(vectors.under(c.id() + ":init:" + which + ":"));
        return network;
    }

    private Optimizer optimizer(LayeredNetwork network, String which) {
        Case settings = c.part("optimizer").part(which);
        return new Optimizer(network.parameters(), OptimizerReplay.rule(settings.text("type"), settings));
    }

    private static AdversarialLoss loss(String name) {
        return switch (name) {
            case "vanilla" -> new Vanilla();
            case "lsgan" -> new LeastSquares();
            case "wgan" -> new Wasserstein();
            case "wgan-logistic-ns" -> new LogisticNonSaturating();
            case "hinge" -> new Hinge();
            default -> throw new IllegalArgumentException("conform: there is no loss '" + name
                    + "' in this library");
        };
    }

    private AuxiliaryLoss auxiliary(Object description) {
        Case a = Case.of(with((Map<?, ?>) description), c.id());
        double weight = a.real("weight", 1);
        return switch (a.text("type")) {
            case "gradient_penalty" -> new GradientPenalty(weight, NormMode.HWC);
            case "r1" -> new R1(weight, NormMode.HWC, 1);
            case "disc_shift" -> new DiscriminatorShift(weight);
            default -> throw new IllegalArgumentException("conform: there is no auxiliary loss '"
                    + a.text("type") + "' in this library");
        };
    }

    private Map<String, Object> with(Map<?, ?> description) {
        var named = new java.util.LinkedHashMap<String, Object>();
        description.forEach((k, v) -> named.put((String) k, v));
        named.put("id", c.id());
        return named;
    }
}
