package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The transpose of [UpsampleBilinear2d]: every pixel of dy goes to those of which it was made, by the same
/// weights. Shapes: dy [N, C, H·scaleH, W·scaleW] → dx [N, C, H, W]. Gradient: [UpsampleBilinear2d]; keeps
/// nothing.
///
/// @param scaleH how many rows became of one
/// @param scaleW how many columns became of one
record UpsampleBilinear2dGradient(int scaleH, int scaleW) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape dy = in[0].shape();
        return Spec.of(dy.with(2, dy.size(2) / scaleH).with(3, dy.size(3) / scaleW), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(PoolKernels.class).upsampleBilinear2dGradient(in[0], scaleH, scaleW, out);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.apply(new UpsampleBilinear2d(scaleH, scaleW));
    }
}
