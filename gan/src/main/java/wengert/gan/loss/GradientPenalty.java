package wengert.gan.loss;

import wengert.autograd.Variable;
import wengert.gan.nets.Network;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

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
        return penalty(step.discriminator(), step.real(), step.fake().value(), step.epsilon().get(),
                step.realLabels()).mul(weight);
    }

    /// The penalty of an unconditional critic, without its weight.
    ///
    /// ```java
    /// loss.add(gp.penalty(D, real, fake, random.uniform(n, 1, 1, 1)).mul(10)).backward();
    /// ```
    ///
    /// @param real    images [N, C, H, W]
    /// @param fake    generated ones, as many and as large
    /// @param epsilon mixing factors [N, 1, 1, 1], uniform in [0, 1)
    public Variable penalty(Network critic, Tensor real, Tensor fake, Tensor epsilon) {
        return penalty(critic, real, fake, epsilon, null);
    }

    /// The penalty without its weight.
    ///
    /// @param labels classes of the real images, or null
    /// @throws ShapeException if real, fake and epsilon do not belong together; epsilon `[N]` would broadcast
    ///                        along the images' width
    public Variable penalty(Network critic, Tensor real, Tensor fake, Tensor epsilon, Tensor labels) {
        if (real.shape().rank() != 4 || !real.shape().equals(fake.shape())
                || !epsilon.shape().equals(Shape.of(real.shape().size(0), 1, 1, 1))) {
            throw new ShapeException("gradientPenalty: expected real and fake [N, C, H, W] of one shape and "
                    + "epsilon [N, 1, 1, 1], got " + real.shape() + ", " + fake.shape() + " and "
                    + epsilon.shape());
        }
        Tensor mixed = real.mul(epsilon).add(fake.mul(epsilon.neg().add(1)));
        Variable gradient = ImageGradient.of(critic, mixed, labels);
        return mode.of(gradient).sub(1).square().mean();
    }
}
