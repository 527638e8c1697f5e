package wengert.gan.loss;

import wengert.autograd.Variable;
import wengert.tensor.Tensor;

/// Pulls the norm of the critic's image gradient towards 1 on lines between real and generated images
/// (Gulrajani et al. 2017): `x̂ = ε·x + (1 − ε)·x̃`, `weight · E(‖∂ΣD(x̂)/∂x̂‖₂ − 1)²`.
///
/// @param weight 10 in the paper
/// @param mode   one norm per sample (the paper), or per pixel
public record GradientPenalty(double weight, NormMode mode) implements AuxiliaryLoss {
    @Override
    public String name() {
        return "loss_gp";
    }

    @Override
    public Variable term(Step step) {
        Tensor eps = step.epsilon().get();
        Tensor mixed = step.real().mul(eps).add(step.fake().value().mul(eps.neg().add(1)));
        Variable gradient = ImageGradient.of(step.discriminator(), mixed, step.realLabels());
        return mode.of(gradient).sub(1).square().mean().mul(weight);
    }
}
