package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.memory.Allocator;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// Convolutions: by cuDNN, or by the kernels of our own where [Choice] says so or cuDNN does not do a
/// geometry. Where one window covers the whole picture, as in a GAN's first and last layer, it is a product
/// of matrices: `y[n; k] = x[n; crs] · w[k; crs]ᵀ`, and so are its gradients.
final class Convolutions implements ConvKernels {
    private final Products products;
    private final OwnConvolutions own;
    private final CudnnConvolutions cudnn;

    Convolutions(Context context, Device device, Allocator allocator, Copies copies, Products products) {
        this.products = products;
        own = new OwnConvolutions(context, allocator);
        cudnn = new CudnnConvolutions(context, device, allocator, copies);
    }

    OwnConvolutions own() {
        return own;
    }

    @Override
    public void conv2d(View x, View w, View bias, Conv2dGeometry g, View y) {
        View[] m = matrices(x, w, y, g);
        if (m != null) {
            products.matmul(m[0], m[1].permute(1, 0), m[2]);
        } else if (Choice.ownConvolution() || !cudnn.forward(x, w, g, y)) {
            own.conv2d(x, w, bias, g, y);
            return;
        }
        own.addBias(bias, y);
    }

    @Override
    public void conv2dDataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx) {
        View[] m = matrices(dx, w, dy, g);
        if (m != null) {
            products.matmul(m[2], m[1], m[0]);
        } else if (Choice.ownConvolution() || !cudnn.dataGradient(dy, w, g, dx)) {
            own.conv2dDataGradient(dy, w, bias, g, dx);
            return;
        }
        own.addBias(bias, dx);
    }

    @Override
    public void conv2dWeightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        View[] m = matrices(x, dw, dy, g);
        if (m != null) {
            products.matmul(m[2].permute(1, 0), m[0], m[1]);
        } else if (Choice.ownConvolution() || !cudnn.weightGradient(x, dy, g, dw)) {
            own.conv2dWeightGradient(x, dy, g, dw);
        }
    }

    /// x [N, CRS], w [K, CRS] and y [N, K], or null where it is no product of these.
    private static View[] matrices(View x, View w, View y, Conv2dGeometry g) {
        Shape in = x.shape();
        Shape kernel = w.shape();
        Shape out = y.shape();
        boolean whole = g.groups() == 1 && g.padH() == 0 && g.padW() == 0 && g.dilationH() == 1
                && g.dilationW() == 1 && in.size(2) == kernel.size(2) && in.size(3) == kernel.size(3);
        if (!whole) {
            return null;
        }
        int terms = kernel.size(1) * kernel.size(2) * kernel.size(3);
        View[] m = {x.reshape(Shape.of(in.size(0), terms)), w.reshape(Shape.of(kernel.size(0), terms)),
            y.reshape(Shape.of(out.size(0), out.size(1)))};
        return m[0] == null || m[1] == null || m[2] == null ? null : m;
    }
}
