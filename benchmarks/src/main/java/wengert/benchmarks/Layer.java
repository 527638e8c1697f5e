package wengert.benchmarks;

import java.util.Arrays;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// A convolution of a DCGAN's discriminator, with what its three kernels need. The generator's
/// transposed convolutions are the same kernels: its forward pass is the data gradient.
final class Layer {
    private final ConvKernels kernels;
    private final Conv2dGeometry geometry;
    private final View x;
    private final View w;
    private final View y;

    /// @param device that computes
    /// @param n      images
    /// @param text   channels, pixels, output channels, kernel, stride, padding: `64,32,128,4,2,1`
    /// @param shrink what channels are divided by
    Layer(Device device, int n, String text, int shrink) {
        int[] z = sizes(text);
        z[0] = Math.max(Math.min(z[0], 4), z[0] / shrink);
        z[2] = Math.max(1, z[2] / shrink);
        Backend backend = device.backend();
        kernels = backend.find(ConvKernels.class);
        geometry = Conv2dGeometry.of(z[4], z[5]);
        int p = geometry.outH(z[1], z[3]);
        x = random(device, n, z[0], z[1], z[1]);
        w = random(device, z[2], z[0], z[3], z[3]);
        y = random(device, n, z[2], p, p);
    }

    /// What each of the three kernels costs.
    static Cost cost(int n, String text) {
        int[] z = sizes(text);
        return new Cost().conv(1, n, z[0], z[1], z[2], z[3], (z[1] + 2 * z[5] - z[3]) / z[4] + 1);
    }

    private static int[] sizes(String text) {
        return Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /// @param kernel `fwd`, `dgrad` or `wgrad`
    Runnable kernel(String kernel) {
        return switch (kernel) {
            case "fwd" -> () -> kernels.conv2d(x, w, geometry, y);
            case "dgrad" -> () -> kernels.conv2dDataGradient(y, w, geometry, x);
            default -> () -> kernels.conv2dWeightGradient(x, y, geometry, w);
        };
    }

    /// Uniform numbers below 1.
    static View random(Device device, int... sizes) {
        Backend backend = device.backend();
        Shape shape = Shape.of(sizes);
        View v = View.of(backend.allocate(DType.F32, shape.length()), shape);
        backend.random(RandomKind.UNIFORM, 1, 2, 3, v);
        return v;
    }
}
