package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An operator that never computes: its result is always a view of its input.
interface ViewOp extends SingleOp {
    @Override
    View alias(View in);

    /// Never asked: a view operator runs on data only.
    @Override
    Spec inferOne(Spec[] in);

    @Override
    default void forward(Backend k, View[] in, View out) {
        k.copy(alias(in[0]), out);
    }
}
