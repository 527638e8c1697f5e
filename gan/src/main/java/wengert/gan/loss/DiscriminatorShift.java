package wengert.gan.loss;

import wengert.autograd.Variable;

/// Keeps the critic's outputs near 0 (Karras et al. 2018, the drift term):
/// `weight · ½ · (E D(x̃)² + E D(x)²)`.
///
/// @param weight 0.001 in the paper
public record DiscriminatorShift(double weight) implements AuxiliaryLoss {
    @Override
    public String name() {
        return "loss_disc_shift";
    }

    @Override
    public Variable term(Step step) {
        return step.fakeLogits().square().mean().add(step.realLogits().square().mean()).mul(weight / 2);
    }
}
