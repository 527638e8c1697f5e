package wengert.gan.run;

import wengert.gan.config.Auxiliary;
import wengert.gan.config.RunConfig;
import wengert.gan.loss.AdversarialLoss;
import wengert.gan.loss.AuxiliaryLoss;
import wengert.gan.loss.DiscriminatorShift;
import wengert.gan.loss.GradientPenalty;
import wengert.gan.loss.Hinge;
import wengert.gan.loss.LeastSquares;
import wengert.gan.loss.LogisticNonSaturating;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.R1;
import wengert.gan.loss.TotalVariation;
import wengert.gan.loss.Vanilla;
import wengert.gan.loss.Wasserstein;
import wengert.gan.train.UpdateRules;
import wengert.nn.optim.Schedule;
import wengert.nn.optim.UpdateRule;

/// What the words of a configuration stand for. The configuration has checked them before.
final class Choices {
    private Choices() {
    }

    static AdversarialLoss loss(RunConfig c) {
        double real = c.real("loss.real_label");
        double fake = c.real("loss.fake_label");
        return switch (c.text("loss.type")) {
            case "vanilla" -> new Vanilla(real, fake);
            case "lsgan" -> new LeastSquares(real, fake);
            case "wgan" -> new Wasserstein();
            case "logistic_ns" -> new LogisticNonSaturating();
            case "hinge" -> new Hinge();
            default -> throw unknown("loss", c.text("loss.type"));
        };
    }

    static AuxiliaryLoss auxiliary(Auxiliary a) {
        return switch (a.type()) {
            case "gradient_penalty" -> new GradientPenalty(a.real("weight"), norm(a));
            case "r1" -> new R1(a.real("weight"), norm(a), a.whole("interval"));
            case "disc_shift" -> new DiscriminatorShift(a.real("weight"));
            case "total_variation" -> new TotalVariation(a.real("weight"));
            default -> throw unknown("auxiliary loss", a.type());
        };
    }

    private static NormMode norm(Auxiliary a) {
        return a.text("norm").equals("pixel") ? NormMode.PIXEL : NormMode.HWC;
    }

    static UpdateRule updateRule(RunConfig c, String network) {
        String at = "optimizer." + network + ".";
        return UpdateRules.of(c.text(at + "type"), new UpdateRules.Settings() {
            @Override
            public double real(String key) {
                return c.real(at + key);
            }

            @Override
            public double[] betas() {
                return c.reals(at + "betas").stream().mapToDouble(b -> b).toArray();
            }

            @Override
            public boolean flag(String key) {
                return c.flag(at + key);
            }
        });
    }

    static Schedule schedule(RunConfig c, String network) {
        String at = "schedule." + network + ".";
        return switch (c.text(at + "type")) {
            case "none" -> Schedule.constant();
            case "step" -> Schedule.step(c.whole(at + "step_size"), c.real(at + "gamma"));
            case "multi_step" -> Schedule.multiStep(c.real(at + "gamma"),
                    c.wholes(at + "milestones").stream().mapToLong(m -> m).toArray());
            case "exponential" -> Schedule.exponential(c.real(at + "gamma"));
            case "cosine" -> Schedule.cosine(span(c, network, at + "t_max"), c.real(at + "eta_min"));
            case "linear" -> Schedule.linear(c.real(at + "start_factor"), c.real(at + "end_factor"),
                    span(c, network, at + "total_iters"));
            default -> throw unknown("schedule", c.text(at + "type"));
        };
    }

    /// The length of a schedule; 0 stands for the whole run, counted in the network's own updates.
    private static long span(RunConfig c, String network, String key) {
        if (c.whole(key) > 0) {
            return c.whole(key);
        }
        int steps = c.whole("steps");
        return Math.max(1, network.equals("generator") ? (long) steps / c.whole("disc_steps")
                * c.whole("gen_steps") : steps);
    }

    private static IllegalStateException unknown(String what, String name) {
        return new IllegalStateException(what + " '" + name + "' is in the configuration's schema, but "
                + "nothing builds it");
    }
}
