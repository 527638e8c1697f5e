package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An elementwise operator of two inputs of one dtype: one kernel, shapes broadcast. Keeps nothing unless it
/// says otherwise.
interface BinaryOp extends SingleOp {
    /// Which kernel.
    BinaryKind kind();

    /// The kernel's first number.
    default double p() {
        return 0;
    }

    /// The kernel's second number.
    default double q() {
        return 0;
    }

    @Override
    default Spec inferOne(Spec[] in) {
        if (in[0].dtype() != in[1].dtype()) {
            throw new DTypeException(name() + ": both inputs must have one dtype, got " + in[0] + " and "
                    + in[1] + "; cast one with to(dtype)");
        }
        return Spec.of(Shapes.broadcast(name(), in[0].shape(), in[1].shape()), in[0].dtype());
    }

    @Override
    default void forward(Backend k, View[] in, View out) {
        k.binary(kind(), p(), q(), in[0].expand(out.shape()), in[1].expand(out.shape()), out);
    }
}
