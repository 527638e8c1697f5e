package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Linear interpolation in both directions, see [Windows#upsampleBilinear2d]. Shapes: x [N, C, H, W] → y
/// [N, C, H·scaleH, W·scaleW]. Floats. Gradient: [UpsampleBilinear2dGradient]; keeps nothing.
///
/// @param scaleH how many rows become of one
/// @param scaleW how many columns become of one
record UpsampleBilinear2d(int scaleH, int scaleW) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        return Spec.of(x.with(2, x.size(2) * scaleH).with(3, x.size(3) * scaleW), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(PoolKernels.class).upsampleBilinear2d(in[0], scaleH, scaleW, out);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.apply(new UpsampleBilinear2dGradient(scaleH, scaleW));
    }
}
