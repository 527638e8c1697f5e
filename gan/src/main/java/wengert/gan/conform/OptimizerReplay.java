package wengert.gan.conform;

import java.util.ArrayList;
import java.util.List;
import wengert.autograd.Parameter;
import wengert.gan.train.UpdateRules;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.UpdateRule;

/// Replays an optimiser: parameters after each step, for given gradients.
final class OptimizerReplay {
    private OptimizerReplay() {
    }

    static Outcome replay(Vectors vectors, Case c, Setting setting) {
        var outcome = new Outcome(c.id(), c.id(), setting);
        try {
            replay(vectors, c, setting, outcome);
        } catch (RuntimeException e) {
            outcome.fail(e.toString());
        }
        return outcome;
    }

    private static void replay(Vectors vectors, Case c, Setting setting, Outcome outcome) {
        List<String> names = c.texts("params");
        List<Parameter> parameters = new ArrayList<>();
        for (String name : names) {
            parameters.add(new Parameter(name, setting.operand(vectors.get(c.id() + ":init:" + name))
                    .copy()));
        }
        var optimizer = new Optimizer(parameters, rule(c.text("optimizer"), c.part("args")));
        for (int step = 0; step < c.whole("steps", 0); step++) {
            for (int i = 0; i < names.size(); i++) {
                parameters.get(i).grad(
                        setting.operand(vectors.get(c.id() + ":grad:" + step + ":" + names.get(i))));
            }
            optimizer.step();
            for (int i = 0; i < names.size(); i++) {
                outcome.compare("step " + step + " " + names.get(i), parameters.get(i).value(),
                        vectors.get(c.id() + ":after:" + step + ":" + names.get(i)), setting.exact() ? 1e-8
                                : 1e-4);
            }
        }
    }

    /// The update rule of a description; what it leaves out has PyTorch's default.
    static UpdateRule rule(String type, Case args) {
        return UpdateRules.of(type, new UpdateRules.Settings() {
            @Override
            public double real(String key) {
                return args.real(key, switch (key) {
                    case "alpha" -> 0.99;
                    case "eps" -> type.equals("adagrad") ? 1e-10 : 1e-8;
                    case "weight_decay" -> type.equals("adamw") ? 0.01 : 0;
                    default -> 0;
                });
            }

            @Override
            public double[] betas() {
                return args.has("betas") ? args.reals("betas") : new double[] {0.9, 0.999};
            }

            @Override
            public boolean flag(String key) {
                return args.flag(key);
            }
        });
    }
}
