package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The transpose of [AvgPool2d]: `dx[n,c,h,w] = 1/(R·S) · Σ dy[n,c,p,q]` over the windows one of whose taps
/// lies on (h, w). Shapes: dy [N, C, P, Q] → dx [N, C, H, W]. Gradient: [AvgPool2d]; keeps nothing.
///
/// @param r rows of the window
/// @param s columns of the window
/// @param g how it moves
/// @param x shape of dx
record AvgPool2dGradient(int r, int s, Conv2dGeometry g, Shape x) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(x, in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(PoolKernels.class).avgPool2dGradient(in[0], r, s, g, out);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> saved, T dy) {
        return dy.apply(new AvgPool2d(r, s, g));
    }
}
