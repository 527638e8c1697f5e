package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Convolution: `y[n,k,p,q] = b[k] + Σ_{c,r,s} x[n, c, p·stride − pad + r·dilation, …] · w[k,c,r,s]`.
/// Shapes: x [N, C, H, W], w [K, C/G, R, S] and, if there is a third input, b [K] → y [N, K, P, Q]. Floats.
/// N may be 0.
/// Gradient: `dx = dataGradient(dy, w)`, `dw = weightGradient(x, dy)`, `db = Σ_{n,p,q} dy`; keeps x or w only
/// if the other's gradient is wanted. With the first two, the other partial derivatives of the same trilinear
/// form, convolution is closed under differentiation.
///
/// @param g how the window moves
record Conv2d(Conv2dGeometry g) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        ConvShapes.operands("conv2d", "input", in[0], "weight", in[1]);
        Shape x = in[0].shape();
        Shape w = in[1].shape();
        int c = x.size(1);
        int k = w.size(0);
        ConvShapes.groups("conv2d", "input", c, g);
        ConvShapes.groups("conv2d", "output", k, g);
        if (c != w.size(1) * g.groups()) {
            throw new ShapeException("conv2d: input has " + c + " channels, but weight " + w + " with groups="
                    + g.groups() + " needs " + (long) w.size(1) * g.groups() + ".\n  input " + x
                    + ConvShapes.label(in[0]) + ", weight" + ConvShapes.label(in[1]) + " " + w
                    + "\n  Hint: did you mean a weight of shape " + w.with(1, c / g.groups())
                    + ", as of Conv2d(" + c + ", " + k + ", " + w.size(2) + ")?");
        }
        return Spec.of(ConvShapes.output("conv2d", x, k, w.size(2), w.size(3), g), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(ConvKernels.class).conv2d(in[0], in[1], ConvShapes.bias(in), g, out);
    }

    @Override
    public double flops(View[] in, View[] out) {
        return ConvShapes.flops(out[0].shape(), in[1].shape());
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 2 && needs[1 - i];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        if (i == 2) {
            return dy.sum(0, 2, 3);
        }
        Shape x = s.shape(0);
        Shape w = s.shape(1);
        return i == 0 ? dy.apply(new Conv2dDataGradient(g, x.size(2), x.size(3)), s.input(1))
                : s.input(0).apply(new Conv2dWeightGradient(g, w.size(2), w.size(3)), dy);
    }
}
