package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Fan;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Transposed convolution: [N, in, P, Q] → [N, out, H, W] with
/// `H = (P − 1)·stride − 2·pad + dilation·(R − 1) + 1 + outputPadding`. Its `weight` [in, out/groups, R, S]
/// and `bias` `[out]` start uniform in ±1/√(out/groups·R·S).
///
/// ```java
/// var doubling = new ConvTranspose2d(64, 3, 4, 2, 1);   // [N, 64, 16, 16] → [N, 3, 32, 32]
/// ```
public final class ConvTranspose2d extends WeightedLayer implements Layer {
    private final Conv2dGeometry geometry;
    private final int outputPadH;
    private final int outputPadW;
    private final Parameter bias;

    /// Stride 1, no padding, with bias.
    ///
    /// @param in     channels of the input
    /// @param out    channels of the output
    /// @param kernel rows and columns of the window
    public ConvTranspose2d(int in, int out, int kernel) {
        this(in, out, kernel, 1, 0);
    }

    /// A square window, with bias.
    public ConvTranspose2d(int in, int out, int kernel, int stride, int padding) {
        this(in, out, kernel, stride, padding, true);
    }

    /// A square window.
    public ConvTranspose2d(int in, int out, int kernel, int stride, int padding, boolean bias) {
        this(in, out, kernel, kernel, Conv2dGeometry.of(stride, padding), 0, 0, bias);
    }

    /// Any window.
    ///
    /// @param kernelH    rows of the window
    /// @param kernelW    columns of the window
    /// @param geometry   strides, padding, dilation, groups of the convolution whose transpose this is
    /// @param outputPadH rows added to the smallest output, less than the stride
    /// @param outputPadW columns added, alike
    /// @param bias       whether a number per output channel is added
    /// @throws ShapeException if groups do not divide both channel counts
    public ConvTranspose2d(int in, int out, int kernelH, int kernelW, Conv2dGeometry geometry, int outputPadH,
            int outputPadW, boolean bias) {
        super(Windows.weight("convTranspose2d", in, out, kernelH, kernelW, geometry.groups()), 1,
                Init.kaimingUniform(Fan.IN, 1 / Math.sqrt(3)));
        this.geometry = geometry;
        this.outputPadH = outputPadH;
        this.outputPadW = outputPadW;
        double bound = 1 / Math.sqrt(Fan.IN.of(weight().shape()));
        this.bias = bias ? parameter("bias", Shape.of(out), Init.uniform(-bound, bound)) : null;
    }

    /// How the window of the transposed convolution moves.
    public Conv2dGeometry geometry() {
        return geometry;
    }

    /// What is added, or null.
    public Parameter bias() {
        return bias;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.convTranspose2d(weight(x), bias, geometry, outputPadH, outputPadW);
    }

    /// Applies the layer to get a wanted size, whatever its output padding.
    ///
    /// @param height rows of the output, from the smallest possible up to stride − 1 more
    /// @param width  columns of the output, alike
    /// @throws ShapeException naming the range if a size lies outside of it
    public <T extends TensorOps<T>> T forward(T x, int height, int width) {
        return x.convTranspose2dTo(weight(x), bias, geometry, height, width);
    }

    @Override
    protected String describe() {
        Shape w = weight().shape();
        return "ConvTranspose2d(" + w.size(0) + " → " + w.size(1) * geometry.groups()
                + Windows.describe(w, geometry) + (outputPadH == 0 && outputPadW == 0 ? ""
                        : ", output padding " + Windows.pair(outputPadH, outputPadW))
                + (bias == null ? ", no bias)" : ")");
    }
}
