package wengert.benchmarks;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// A convolution of a DCGAN's discriminator, batch 64, with what its three kernels need. The generator's
/// transposed convolutions are the same kernels: its forward pass is the data gradient.
final class Layer {
    private static final int BATCH = 64;

    private final ConvKernels kernels;
    private final Conv2dGeometry geometry;
    private final View x;
    private final View w;
    private final View y;
    private final double flops;

    /// @param text channels, pixels, output channels, kernel, stride, padding: `64,32,128,4,2,1`
    Layer(String text) {
        int[] z = java.util.Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
        Backend backend = Device.CPU.backend();
        kernels = backend.find(ConvKernels.class);
        geometry = Conv2dGeometry.of(z[4], z[5]);
        int p = geometry.outH(z[1], z[3]);
        x = random(BATCH, z[0], z[1], z[1]);
        w = random(z[2], z[0], z[3], z[3]);
        y = random(BATCH, z[2], p, p);
        flops = 2.0 * BATCH * z[2] * p * p * z[0] * z[3] * z[3];
    }

    /// Floating-point operations of each of the three kernels.
    double flops() {
        return flops;
    }

    void forward() {
        kernels.conv2d(x, w, geometry, y);
    }

    void dataGradient() {
        kernels.conv2dDataGradient(y, w, geometry, x);
    }

    void weightGradient() {
        kernels.conv2dWeightGradient(x, y, geometry, w);
    }

    /// Uniform numbers below 1.
    static View random(int... sizes) {
        Backend backend = Device.CPU.backend();
        Shape shape = Shape.of(sizes);
        View v = View.of(backend.allocate(DType.F32, shape.length()), shape);
        backend.random(RandomKind.UNIFORM, 1, 2, 3, v);
        return v;
    }
}
