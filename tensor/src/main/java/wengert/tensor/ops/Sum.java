package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Sum over axes: `y[…] = Σ x[…, i, …]`, pairwise. Shapes: x [*] → y, the summed axes gone or of size 1.
/// The sum of nothing is 0. Gradient: dy repeated over the summed axes; keeps nothing.
///
/// @param axes    which axes
/// @param keepDim whether summed axes stay with size 1
record Sum(boolean keepDim, int... axes) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        return Spec.of(x.reduced(x.mark(name(), axes), keepDim), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape kept = in[0].shape().reduced(in[0].shape().mark(axes), true);
        k.reduce(ReduceKind.SUM, in[0], out.reshape(kept));
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        Shape x = s.shape(0);
        return dy.reshape(x.reduced(x.mark(axes), true)).expand(x);
    }

    @Override
    public String toString() {
        return "sum" + Arrays.toString(axes);
    }
}
