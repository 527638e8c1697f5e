package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Where the largest value of each window stands: `y[n,c,p,q] = h·W + w`, the first of equals; NaN counts as
/// largest, padding never wins. Shapes: x [N, C, H, W] → y i64 [N, C, P, Q]. No gradient: the choice is
/// constant almost everywhere.
///
/// @param r rows of the window
/// @param s columns of the window
/// @param g how it moves
record MaxPool2dIndices(int r, int s, Conv2dGeometry g) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        var y = WindowShapes.output("maxPool2d", in[0], r, s, g);
        WindowShapes.noWindowInPadding("height", in[0].shape().size(2), r, g.strideH(), g.padH(),
                g.dilationH(), y.size(2), in[0].shape());
        WindowShapes.noWindowInPadding("width", in[0].shape().size(3), s, g.strideW(), g.padW(),
                g.dilationW(), y.size(3), in[0].shape());
        return Spec.of(y, DType.I64);
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(PoolKernels.class).maxPool2dIndices(in[0], r, s, g, out);
    }

    @Override
    public boolean differentiable(int j) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> saved, T dy) {
        return null;
    }
}
