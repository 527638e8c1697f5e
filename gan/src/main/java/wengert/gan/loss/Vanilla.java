package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.LossForm;

/// Binary cross entropy on logits, the generator's side non-saturating (Goodfellow et al. 2014, section 3).
/// With softplus sp and target t: `E[t·sp(−D) + (1 − t)·sp(D)]`; real t = `realLabel`, fake t = `fakeLabel`,
/// the generator t = `realLabel`. One-sided smoothing is `realLabel` 0.9.
///
/// @param realLabel target of real images, 1 unless smoothed
/// @param fakeLabel target of generated images, 0 unless smoothed
public record Vanilla(double realLabel, double fakeLabel) implements AdversarialLoss {
    static final LossForm BCE = new LossForm(LossForm.Kind.BCE, 0, LossForm.Fold.MEAN);

    /// Hard labels.
    public Vanilla() {
        this(1, 0);
    }

    @Override
    public String name() {
        return "vanilla";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return crossEntropy(logits, realLabel);
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return crossEntropy(logits, fakeLabel);
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return crossEntropy(logits, realLabel);
    }

    private static <T extends TensorOps<T>> T crossEntropy(T logits, double target) {
        return logits.loss(BCE, target);
    }
}
