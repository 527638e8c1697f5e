package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Mean over windows, padding counted as zeros:
/// `y[n,c,p,q] = 1/(R·S) · Σ_{r,s} x[n, c, p·stride − pad + r·dilation, …]`. Shapes: x [N, C, H, W] → y
/// [N, C, P, Q]. Floats. Gradient: [AvgPool2dGradient]; keeps nothing.
///
/// @param r rows of the window
/// @param s columns of the window
/// @param g how it moves
record AvgPool2d(int r, int s, Conv2dGeometry g) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(WindowShapes.output("avgPool2d", in[0], r, s, g), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(PoolKernels.class).avgPool2d(in[0], r, s, g, out);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> saved, T dy) {
        return dy.apply(new AvgPool2dGradient(r, s, g, saved.shape(0)));
    }
}
