package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.LossForm;

/// Margins (Lim and Ye 2017; Miyato et al. 2018): real `E relu(1 − D)`, fake `E relu(1 + D)`, generator
/// `−E D`.
public record Hinge() implements AdversarialLoss {
    private static final LossForm HINGE = new LossForm(LossForm.Kind.HINGE, 0, LossForm.Fold.MEAN);

    @Override
    public String name() {
        return "hinge";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return logits.loss(HINGE, 1);
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return logits.loss(HINGE, -1);
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return logits.mean().neg();
    }
}
