package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Largest or smallest over axes: `y[…] = max_i x[…, i, …]`; NaN if any is NaN. Shapes: x [*] → y, the folded
/// axes gone or of size 1. Integers and truth values too. Refused where there is nothing to choose from.
/// Gradient: dy in equal shares to all that are equal to y (all NaNs, if y is NaN); keeps x and y.
///
/// @param kind    [ReduceKind#MAX] or [ReduceKind#MIN]
/// @param keepDim whether folded axes stay with size 1
/// @param axes    which axes
record Extreme(ReduceKind kind, boolean keepDim, int... axes) implements SingleOp {
    @Override
    public String name() {
        return kind == ReduceKind.MAX ? "amax" : "amin";
    }

    @Override
    public Spec inferOne(Spec[] in) {
        Shape x = in[0].shape();
        boolean[] folded = x.mark(name(), axes);
        for (int a = 0; a < folded.length; a++) {
            if (folded[a] && x.size(a) == 0) {
                throw new ShapeException(name() + ": axis " + a + " of shape " + x
                        + " is empty, so there is nothing to choose from");
            }
        }
        return Spec.of(x.reduced(folded, keepDim), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape x = in[0].shape();
        k.reduce(kind, in[0], out.reshape(x.reduced(x.mark(axes), true)));
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public boolean savesOutput(int j) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T x = s.input(0);
        Shape kept = x.shape().reduced(x.shape().mark(axes), true);
        T chosen = x.eq(s.output(0).reshape(kept)).logicalOr(x.isNaN());
        T share = dy.reshape(kept).div(chosen.to(dy.dtype()).sumKeep(axes));
        return share.where(chosen, dy.filled(Shape.of(), dy.dtype(), 0));
    }

    @Override
    public String toString() {
        return name() + Arrays.toString(axes);
    }
}
