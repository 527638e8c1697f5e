package wengert.gan.loss;

import wengert.tensor.ops.TensorOps;

/// What the discriminator's logits cost each side. Logits are raw outputs [N, *]; every form is a mean over
/// all of them.
///
/// The discriminator's loss is the plain sum of its two parts (no factor ½), as in mmgeneration.
public interface AdversarialLoss {
    /// Name in configurations: `hinge`.
    String name();

    /// The discriminator's cost for logits of real images.
    <T extends TensorOps<T>> T real(T logits);

    /// The discriminator's cost for logits of generated images.
    <T extends TensorOps<T>> T fake(T logits);

    /// The generator's cost for logits of generated images.
    <T extends TensorOps<T>> T generator(T logits);

    /// The discriminator's whole cost.
    default <T extends TensorOps<T>> T discriminator(T realLogits, T fakeLogits) {
        return real(realLogits).add(fake(fakeLogits));
    }
}
