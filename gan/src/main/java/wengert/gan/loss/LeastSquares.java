package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.LossForm;

/// Squared distance of logits from labels (Mao et al. 2017), without the factor ½: real `E(D − realLabel)²`,
/// fake `E(D − fakeLabel)²`, generator `E(D − realLabel)²`.
///
/// @param realLabel target of real images, usually 1
/// @param fakeLabel target of generated images, usually 0
public record LeastSquares(double realLabel, double fakeLabel) implements AdversarialLoss {
    private static final LossForm SQUARED = new LossForm(LossForm.Kind.SQUARED, 0, LossForm.Fold.MEAN);

    /// Labels 1 and 0.
    public LeastSquares() {
        this(1, 0);
    }

    @Override
    public String name() {
        return "lsgan";
    }

    @Override
    public <T extends TensorOps<T>> T real(T logits) {
        return logits.loss(SQUARED, realLabel);
    }

    @Override
    public <T extends TensorOps<T>> T fake(T logits) {
        return logits.loss(SQUARED, fakeLabel);
    }

    @Override
    public <T extends TensorOps<T>> T generator(T logits) {
        return real(logits);
    }
}
