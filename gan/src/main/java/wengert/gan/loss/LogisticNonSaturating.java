package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;

/// StyleGAN's name for [Vanilla] with hard labels: real `E sp(−D)`, fake `E sp(D)`, generator `E sp(−D)`
/// (Karras et al. 2019).
public record LogisticNonSaturating() implements AdversarialLoss {
    @Override
    public String name() {
        return "logistic_ns";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return logits.loss(Vanilla.BCE, 1);
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return logits.loss(Vanilla.BCE, 0);
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return real(logits);
    }
}
