package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Conversion: `y = (dtype) x`. Shapes: x [*] → y [*]. Gradient: `dx = (dtype of x) dy`; keeps nothing.
///
/// @param dtype what to convert to
record Cast(DType dtype) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(in[0].shape(), dtype);
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.copy(in[0], out);
    }

    @Override
    public boolean differentiable(int j) {
        return dtype.isFloating();
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.to(s.dtype(0));
    }
}
