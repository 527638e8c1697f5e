package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The transpose of [Conv2d] with respect to its weight:
/// `dw[k,c,r,s] = Σ_{n,p,q} x[n, c, p·stride − pad + r·dilation, …] · dy[n,k,p,q]`.
/// Shapes: x [N, C, H, W], dy [N, K, P, Q] → dw [K, C/G, R, S]; zeros for an empty batch.
/// Gradient, with upstream v: `dx = dataGradient(dy, v)`, `d(dy) = conv2d(x, v)`; keeps an input only if the
/// other's gradient is wanted.
///
/// @param g how the window moves
/// @param r rows of the kernel
/// @param s columns of the kernel
record Conv2dWeightGradient(Conv2dGeometry g, int r, int s) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        ConvShapes.operands(name(), "input", in[0], "gradient", in[1]);
        Shape x = in[0].shape();
        Shape dy = in[1].shape();
        ConvShapes.groups(name(), "input", x.size(1), g);
        ConvShapes.groups(name(), "output", dy.size(1), g);
        Shape want = ConvShapes.output(name(), x, dy.size(1), r, s, g);
        if (!dy.equals(want)) {
            throw new ShapeException(name() + ": a convolution of " + x + " with a kernel of " + r + "x" + s
                    + " has output " + want + ", but the gradient is " + dy);
        }
        return Spec.of(Shape.of(dy.size(1), x.size(1) / g.groups(), r, s), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(ConvKernels.class).conv2dWeightGradient(in[0], in[1], g, out);
    }

    @Override
    public double flops(View[] in, View[] out) {
        return ConvShapes.flops(in[1].shape(), out[0].shape());
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return needs[1 - i];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> saved, T v) {
        Shape x = saved.shape(0);
        return i == 0 ? saved.input(1).apply(new Conv2dDataGradient(g, x.size(2), x.size(3)), v)
                : saved.input(0).apply(new Conv2d(g), v);
    }
}
