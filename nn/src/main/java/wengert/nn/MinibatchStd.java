package wengert.nn;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.ShapeException;

/// Minibatch standard deviation (Karras et al. 2018): one more channel that says how much the samples of a
/// group differ, so that a discriminator can see a generator that always draws the same. [N, C, H, W] → [N, C
/// + 1, H, W].
///
/// N samples are G groups of N/G columns: sample i belongs to column `i mod N/G`. For each column:
/// `mean over C, H, W of √(variance over the group + 1e-8)`, variance biased. A batch smaller than the group
/// is one group; a larger one must be divisible by it.
///
/// ```java
/// var layer = new MinibatchStd(4);
/// ```
///
/// @param group samples in a group, at least 1
public record MinibatchStd(int group) implements Layer {
    private static final double EPS = 1e-8;

    /// Checks the group.
    public MinibatchStd {
        if (group < 1) {
            throw new ShapeException("minibatchStd: expected a group of at least 1, got " + group);
        }
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        if (x.shape().rank() != 4) {
            throw new ShapeException("minibatchStd: expected [N, C, H, W], got " + x.shape());
        }
        int n = x.shape().size(0);
        int g = Math.min(group, Math.max(1, n));
        if (n % g != 0) {
            throw new ShapeException("minibatchStd: a batch of " + n + " cannot be split into groups of " + g
                    + "; use a batch size that " + g + " divides, also for the last batch of an epoch");
        }
        T perColumn = x.reshape(g, n / g, -1).var(0, 0).add(EPS).sqrt().mean(1);   // [N/G]
        T channel = perColumn.reshape(1, n / g, 1, 1, 1)
                .expand(g, n / g, 1, x.shape().size(2), x.shape().size(3))
                .reshape(n, 1, x.shape().size(2), x.shape().size(3));
        return x.concat(1, channel);
    }
}
