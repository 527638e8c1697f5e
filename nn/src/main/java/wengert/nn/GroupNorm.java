package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Group normalisation (Wu and He 2018) of [N, C, *]: every sample by itself, mean and variance over the
/// channels of one group and all positions, then a scale and shift per channel. `weight` (starts at 1) and
/// `bias` (0) are `[C]`.
///
/// ```java
/// var norm = new GroupNorm(8, 64);
/// ```
public final class GroupNorm extends Module implements Rectifiable {
    private final int groups;
    private final int channels;
    private final double eps;
    private final Parameter weight;
    private final Parameter bias;

    /// Eps 1e-5, with scale and shift.
    ///
    /// @param groups   parts into which the channels are split
    /// @param channels a multiple of `groups`
    public GroupNorm(int groups, int channels) {
        this(groups, channels, 1e-5, true);
    }

    /// @param groups   parts into which the channels are split
    /// @param channels a multiple of `groups`
    /// @param eps      added to the variance
    /// @param affine   whether there are a scale and a shift
    public GroupNorm(int groups, int channels, double eps, boolean affine) {
        if (groups < 1 || channels % groups != 0) {
            throw new ShapeException("groupNorm: " + channels + " channels cannot be split into " + groups
                    + " groups");
        }
        this.groups = groups;
        this.channels = channels;
        this.eps = eps;
        weight = affine ? parameter("weight", Shape.of(channels), Init.ones()) : null;
        bias = affine ? parameter("bias", Shape.of(channels), Init.zeros()) : null;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x, double slope) {
        if (x.shape().rank() < 2 || x.shape().size(1) != channels) {
            throw new ShapeException("groupNorm: expected input [N, " + channels + ", *], got " + x.shape());
        }
        return x.groupNorm(groups, weight, bias, eps, slope);
    }

    @Override
    protected String describe() {
        return "GroupNorm(" + channels + ", groups " + groups + ", eps " + eps + ")";
    }
}
