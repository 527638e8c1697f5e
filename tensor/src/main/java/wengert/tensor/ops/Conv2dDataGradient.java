package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The transpose of [Conv2d] with respect to its input, and the forward pass of a transposed convolution:
/// `dx[n,c,h,w] = Σ_{k,r,s} dy[n,k,p,q] · w[k,c,r,s]` over the windows (p, q) whose tap (r, s) lies on (h,
/// w), plus b[c] if there is a third input. Shapes: dy [N, K, P, Q], w [K, C/G, R, S], b [C] → dx [N, C, H,
/// W]; H, W are not implied by P, Q where the stride leaves a remainder, so they are part of the operator.
/// Gradient, with upstream u: `d(dy) = conv2d(u, w)`, `dw = weightGradient(u, dy)`, `db = Σ_{n,h,w} u`; keeps
/// dy or w only if the other's gradient is wanted.
///
/// @param g how the window moves
/// @param h rows of dx
/// @param w columns of dx
record Conv2dDataGradient(Conv2dGeometry g, int h, int w) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        ConvShapes.operands(name(), "gradient", in[0], "weight", in[1]);
        Shape dy = in[0].shape();
        Shape kernel = in[1].shape();
        ConvShapes.groups(name(), "output", kernel.size(0), g);
        Shape dx = Shape.of(dy.size(0), Shapes.size(name(), (long) kernel.size(1) * g.groups(), kernel), h,
                w);
        Shape want = ConvShapes.output(name(), dx, kernel.size(0), kernel.size(2), kernel.size(3), g);
        if (!dy.equals(want)) {
            throw new ShapeException(name() + ": a convolution of " + dx + " with weight " + kernel
                    + " has output " + want + ", but the gradient is " + dy);
        }
        return Spec.of(dx, in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(ConvKernels.class).conv2dDataGradient(in[0], in[1], ConvShapes.bias(in), g, out);
    }

    @Override
    public double flops(View[] in, View[] out) {
        return ConvShapes.flops(in[0].shape(), in[1].shape());
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 2 && needs[1 - i];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T u) {
        if (i == 2) {
            return u.sum(0, 2, 3);
        }
        Shape kernel = s.shape(1);
        return i == 0 ? u.apply(new Conv2d(g), s.input(1))
                : u.apply(new Conv2dWeightGradient(g, kernel.size(2), kernel.size(3)), s.input(0));
    }
}
