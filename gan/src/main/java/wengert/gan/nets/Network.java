package wengert.gan.nets;

import wengert.nn.Module;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;

/// A generator (noise [N, Z] → images [N, C, H, W]) or a discriminator (images → logits [N, 1]), with or
/// without class labels. Written once for both kinds of value: on tensors nothing is recorded.
public abstract class Network extends Module {
    /// For subclasses.
    protected Network() {
    }

    /// Runs the network.
    ///
    /// @param x      noise or images
    /// @param labels classes, i64, N of them; null for an unconditional network
    public abstract <T extends TensorOps<T>> T forward(T x, Tensor labels);

    /// Runs an unconditional network.
    public <T extends TensorOps<T>> T forward(T x) {
        return forward(x, null);
    }
}
