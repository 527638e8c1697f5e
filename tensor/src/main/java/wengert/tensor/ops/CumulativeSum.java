package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Running sum along an axis: `y[i] = Σ_{j ≤ i} x[j]`, or from the end: `y[i] = Σ_{j ≥ i} x[j]`. Shapes: x
/// [*] → y [*].
/// Gradient: dy summed in the other direction; keeps nothing.
///
/// @param axis    which axis
/// @param fromEnd whether it runs from the end
record CumulativeSum(int axis, boolean fromEnd) implements SingleOp {
    @Override
    public String name() {
        return "cumsum";
    }

    @Override
    public Spec inferOne(Spec[] in) {
        in[0].shape().axis(name(), axis);
        return in[0];
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        int a = out.shape().axis(axis);
        if (fromEnd) {
            k.cumulativeSum(in[0].flip(a), a, out.flip(a));
        } else {
            k.cumulativeSum(in[0], a, out);
        }
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.apply(new CumulativeSum(axis, !fromEnd));
    }
}
