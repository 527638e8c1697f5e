package wengert.gan.train;

import wengert.nn.optim.Adagrad;
import wengert.nn.optim.Adam;
import wengert.nn.optim.AdamW;
import wengert.nn.optim.RmsProp;
import wengert.nn.optim.Sgd;
import wengert.nn.optim.UpdateRule;

/// Optimisers by name, from settings called as in PyTorch.
public final class UpdateRules {
    /// Where settings come from.
    public interface Settings {
        /// A number such as `lr`.
        double real(String key);

        /// The two of `betas`.
        double[] betas();

        /// A switch such as `nesterov`.
        boolean flag(String key);
    }

    private UpdateRules() {
    }

    /// The rule of that name.
    ///
    /// @param type sgd, adam, adamw, rmsprop or adagrad
    public static UpdateRule of(String type, Settings s) {
        double lr = s.real("lr");
        double decay = s.real("weight_decay");
        return switch (type) {
            case "sgd" -> {
                Sgd sgd = Sgd.of(lr).weightDecay(decay);
                yield s.flag("nesterov") ? sgd.nesterov(s.real("momentum"))
                        : sgd.momentum(s.real("momentum"));
            }
            case "adam" -> Adam.of(lr).betas(s.betas()[0], s.betas()[1]).eps(s.real("eps")).weightDecay(decay)
                    .amsgrad(s.flag("amsgrad"));
            case "adamw" -> AdamW.of(lr).betas(s.betas()[0], s.betas()[1]).eps(s.real("eps"))
                    .weightDecay(decay).amsgrad(s.flag("amsgrad"));
            case "rmsprop" -> RmsProp.of(lr).alpha(s.real("alpha")).eps(s.real("eps")).weightDecay(decay)
                    .momentum(s.real("momentum")).centered(s.flag("centered"));
            case "adagrad" -> Adagrad.of(lr).eps(s.real("eps")).weightDecay(decay);
            default -> throw new IllegalArgumentException("optimizer: expected sgd, adam, adamw, rmsprop or "
                    + "adagrad, got '" + type + "'");
        };
    }
}
