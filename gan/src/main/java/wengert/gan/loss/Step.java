package wengert.gan.loss;

import wengert.autograd.Variable;
import wengert.gan.nets.Network;
import wengert.tensor.Tensor;
import java.util.function.Supplier;

/// What an auxiliary loss can look at.
///
/// @param iteration     counted over the whole run, from 0
/// @param discriminator the network whose logits are meant
/// @param real          images of the data [N, C, H, W]; null in the generator's phase
/// @param realLabels    their classes, i64, N of them; null if unconditional
/// @param fake          generated images [N, C, H, W]; without history in the discriminator's phase
/// @param realLogits    logits of `real`; null in the generator's phase
/// @param fakeLogits    logits of `fake`
/// @param epsilon       mixing factors [N, 1, 1, 1], uniform in [0, 1); drawn when asked for. A loss never
///                      draws random numbers itself, so that a run can be replayed
public record Step(int iteration, Network discriminator, Tensor real, Tensor realLabels, Variable fake,
        Variable realLogits, Variable fakeLogits, Supplier<Tensor> epsilon) {
}
