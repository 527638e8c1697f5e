package wengert.gan.loss;

import wengert.autograd.Variable;
import wengert.gan.nets.Network;
import wengert.tensor.Tensor;

/// Pulls the discriminator's image gradient at real images towards 0 (Mescheder et al. 2018):
/// `weight · E Σ(∂ΣD(x)/∂x)²`. The paper's γ/2 is the weight here. With an interval it is lazy: computed
/// every `interval`-th iteration only, so multiply the weight by it (Karras et al. 2020).
///
/// @param weight   γ/2
/// @param mode     squares summed per sample, or per pixel (smaller by H·W)
/// @param interval iterations between two uses, 1 for always
public record R1(double weight, NormMode mode, int interval) implements AuxiliaryLoss {
    @Override
    public String name() {
        return "loss_r1";
    }

    @Override
    public Variable term(Step step) {
        if (step.iteration() % interval != 0) {
            return null;
        }
        return penalty(step.discriminator(), step.real(), step.realLabels()).mul(weight);
    }

    /// The penalty of an unconditional discriminator, without its weight.
    public Variable penalty(Network discriminator, Tensor real) {
        return penalty(discriminator, real, null);
    }

    /// The penalty without its weight.
    ///
    /// @param real   images [N, C, H, W]
    /// @param labels their classes, or null
    public Variable penalty(Network discriminator, Tensor real, Tensor labels) {
        return mode.squared(ImageGradient.of(discriminator, real, labels)).mean();
    }
}
