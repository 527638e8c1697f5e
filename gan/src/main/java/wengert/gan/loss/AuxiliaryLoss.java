package wengert.gan.loss;

import wengert.autograd.Variable;

/// A further term of one side's loss: a penalty, a regulariser. To add one of your own, implement this and
/// hand it to the trainer; to name it in configurations, add it to `wengert.gan.config.AuxiliaryTypes` and to
/// `wengert.gan.run.Choices`.
public interface AuxiliaryLoss {
    /// Key in the log: `loss_gp`. Terms of the same name are added up there.
    String name();

    /// The weighted term for this step.
    ///
    /// @param step what the step has computed so far, and where its random numbers come from
    /// @return a scalar, or null to skip this iteration
    Variable term(Step step);
}
