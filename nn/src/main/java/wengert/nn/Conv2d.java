package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Fan;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Convolution: [N, in, H, W] → [N, out, P, Q] with `P = ⌊(H + 2·pad − dilation·(R − 1) − 1) / stride⌋ + 1`.
/// Its `weight` [out, in/groups, R, S] and `bias` `[out]` start uniform in ±1/√fan-in.
///
/// ```java
/// var halving = new Conv2d(3, 64, 4, 2, 1);   // [N, 3, 32, 32] → [N, 64, 16, 16]
/// ```
public final class Conv2d extends WeightedLayer implements Layer {
    private final Conv2dGeometry geometry;
    private final Parameter bias;

    /// Stride 1, no padding, with bias.
    ///
    /// @param in     channels of the input
    /// @param out    channels of the output
    /// @param kernel rows and columns of the window
    public Conv2d(int in, int out, int kernel) {
        this(in, out, kernel, 1, 0);
    }

    /// A square window, with bias.
    public Conv2d(int in, int out, int kernel, int stride, int padding) {
        this(in, out, kernel, stride, padding, true);
    }

    /// A square window.
    public Conv2d(int in, int out, int kernel, int stride, int padding, boolean bias) {
        this(in, out, kernel, kernel, Conv2dGeometry.of(stride, padding), bias);
    }

    /// Any window.
    ///
    /// @param kernelH  rows of the window
    /// @param kernelW  columns of the window
    /// @param geometry strides, padding, dilation, groups
    /// @param bias     whether a number per output channel is added
    /// @throws ShapeException if groups do not divide both channel counts
    public Conv2d(int in, int out, int kernelH, int kernelW, Conv2dGeometry geometry, boolean bias) {
        super(Windows.weight("conv2d", out, in, kernelH, kernelW, geometry.groups()), 0,
                Init.kaimingUniform(Fan.IN, 1 / Math.sqrt(3)));
        this.geometry = geometry;
        double bound = 1 / Math.sqrt(Fan.IN.of(weight().shape()));
        this.bias = bias ? parameter("bias", Shape.of(out), Init.uniform(-bound, bound)) : null;
    }

    /// How the window moves.
    public Conv2dGeometry geometry() {
        return geometry;
    }

    /// What is added, or null.
    public Parameter bias() {
        return bias;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.conv2d(weight(x), bias, geometry);
    }

    @Override
    protected String describe() {
        Shape w = weight().shape();
        return "Conv2d(" + w.size(1) * geometry.groups() + " → " + w.size(0) + Windows.describe(w, geometry)
                + (bias == null ? ", no bias)" : ")");
    }
}
