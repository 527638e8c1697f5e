package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Instance normalisation (Ulyanov, Vedaldi and Lempitsky 2016) of [N, C, *]: every channel of every sample
/// by itself, in training and evaluation alike. If affine, `weight` (starts at 1) and `bias` (0) are `[C]`.
///
/// ```java
/// var norm = new InstanceNorm(64);
/// ```
public final class InstanceNorm extends Module implements Rectifiable {
    private final int channels;
    private final double eps;
    private final Parameter weight;
    private final Parameter bias;

    /// Eps 1e-5, without scale and shift.
    public InstanceNorm(int channels) {
        this(channels, 1e-5, false);
    }

    /// @param channels of the input
    /// @param eps      added to the variance
    /// @param affine   whether there are a scale and a shift
    public InstanceNorm(int channels, double eps, boolean affine) {
        this.channels = channels;
        this.eps = eps;
        weight = affine ? parameter("weight", Shape.of(channels), Init.ones()) : null;
        bias = affine ? parameter("bias", Shape.of(channels), Init.zeros()) : null;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x, double slope) {
        if (x.shape().rank() < 3 || x.shape().size(1) != channels) {
            throw new ShapeException("instanceNorm: expected input [N, " + channels
                    + ", *] with at least 3 axes, got " + x.shape());
        }
        return x.instanceNorm(weight, bias, eps, slope);
    }

    @Override
    protected String describe() {
        return "InstanceNorm(" + channels + ", eps " + eps + ")";
    }
}
