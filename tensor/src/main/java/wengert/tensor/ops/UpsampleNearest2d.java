package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Every pixel repeated: `y[n, c, h, w] = x[n, c, ⌊h/scaleH⌋, ⌊w/scaleW⌋]`. Shapes: x [N, C, H, W] → y
/// [N, C, H·scaleH, W·scaleW]. Gradient: dy summed over each pixel's copies, which is their mean,
/// scaleH·scaleW times; keeps nothing.
///
/// @param scaleH how many rows become of one
/// @param scaleW how many columns become of one
record UpsampleNearest2d(int scaleH, int scaleW) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        return Spec.of(x.with(2, x.size(2) * scaleH).with(3, x.size(3) * scaleW), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape x = in[0].shape();
        Shape one = Shape.of(x.size(0), x.size(1), x.size(2), 1, x.size(3), 1);
        Shape many = one.with(3, scaleH).with(5, scaleW);
        k.copy(in[0].reshape(one).expand(many), out.reshape(many));
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        if (dy.shape().elements() == 0) {
            return dy.reshape(s.shape(0));
        }
        return dy.avgPool2d(scaleH, scaleW, new Conv2dGeometry(scaleH, scaleW, 0, 0, 1, 1, 1))
                .mul((double) scaleH * scaleW);
    }
}
