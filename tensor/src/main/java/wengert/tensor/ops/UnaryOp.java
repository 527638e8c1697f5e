package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// An elementwise operator of one input: one kernel, the input's shape and dtype. Keeps its input unless it
/// says otherwise.
interface UnaryOp extends SingleOp {
    /// Which kernel.
    UnaryKind kind();

    /// The kernel's first number.
    default double p() {
        return 0;
    }

    /// The kernel's second number.
    default double q() {
        return 0;
    }

    /// dx from dy.
    <T extends TensorOps<T>> T gradient(Saved<T> s, T dy);

    @Override
    default Spec inferOne(Spec[] in) {
        return in[0];
    }

    @Override
    default void forward(Backend k, View[] in, View out) {
        k.unary(kind(), p(), q(), in[0], out);
    }

    @Override
    default boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    default <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return gradient(s, dy);
    }
}
