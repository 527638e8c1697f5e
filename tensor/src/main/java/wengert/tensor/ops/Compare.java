package wengert.tensor.ops;

import java.util.Locale;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Comparison: `y = a ? b` for one of = ≠ < ≤ > ≥, elementwise. Shapes: a, b broadcast; one dtype, any; y is
/// bool. Not differentiable, so never part of a history.
///
/// @param kind which comparison
record Compare(CompareKind kind) implements SingleOp {
    @Override
    public String name() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Spec inferOne(Spec[] in) {
        if (in[0].dtype() != in[1].dtype()) {
            throw new DTypeException(name() + ": both inputs must have one dtype, got " + in[0] + " and "
                    + in[1] + "; cast one with to(dtype)");
        }
        return Spec.of(Shapes.broadcast(name(), in[0].shape(), in[1].shape()), DType.BOOL);
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.compare(kind, in[0].expand(out.shape()), in[1].expand(out.shape()), out);
    }

    @Override
    public boolean differentiable(int j) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return null;
    }
}
