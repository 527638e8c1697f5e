package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;

/// The critic's difference of means (Arjovsky et al. 2017): real `−E D`, fake `E D`, generator `−E D`. Needs
/// a Lipschitz constraint: weight clipping, a [GradientPenalty], or spectral norm.
public record Wasserstein() implements AdversarialLoss {
    @Override
    public String name() {
        return "wgan";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return logits.mean().neg();
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return logits.mean();
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return logits.mean().neg();
    }
}
