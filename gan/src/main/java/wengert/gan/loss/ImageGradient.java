package wengert.gan.loss;

import java.util.List;
import wengert.autograd.Autograd;
import wengert.autograd.Frozen;
import wengert.autograd.Variable;
import wengert.gan.nets.Network;
import wengert.tensor.Tensor;

/// `∂ΣD(x)/∂x`, the slope of a discriminator at images, as a value that can be differentiated again: training
/// with a penalty on it is a second derivative through the whole network.
final class ImageGradient {
    private ImageGradient() {
    }

    /// @param images [N, C, H, W]
    /// @param labels their classes, or null
    /// @return [N, C, H, W]; a constant if no parameter of the network is being trained, since nothing could
    ///         be learned from it
    static Variable of(Network discriminator, Tensor images, Tensor labels) {
        Variable x = Variable.of(images).requiresGrad(true);
        Variable logits = discriminator.forward(x, labels);
        boolean trained = discriminator.parameters().stream().anyMatch(p -> p.requiresGrad()
                && !Frozen.contains(p));
        List<Variable> gradient = Autograd.of(logits.sum()).createGraph(trained).grad(x);
        x.requiresGrad(false); // who differentiates this again wants gradients of parameters
        return gradient.get(0);
    }
}
