package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;

/// Margins (Lim and Ye 2017; Miyato et al. 2018): real `E relu(1 − D)`, fake `E relu(1 + D)`, generator `−E D`.
public record Hinge() implements AdversarialLoss {
    @Override
    public String name() {
        return "hinge";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return logits.neg().add(1).relu().mean();
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return logits.add(1).relu().mean();
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return logits.mean().neg();
    }
}
