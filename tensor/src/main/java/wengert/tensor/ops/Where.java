package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Choice: `y = c ? a : b`, elementwise, inputs c, a, b. Shapes: all three broadcast; c is bool, a and b have
/// one dtype.
/// Gradient: `da = c ? dy : 0`, `db = c ? 0 : dy`; selected, never multiplied, so what is not chosen cannot
/// bring in NaN. Keeps c.
record Where() implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        if (in[0].dtype() != DType.BOOL || in[1].dtype() != in[2].dtype()) {
            throw new DTypeException("where: expected a bool condition and two values of one dtype, got "
                    + in[0] + ", " + in[1] + " and " + in[2]);
        }
        Shape values = Shapes.broadcast("where", in[1].shape(), in[2].shape());
        return Spec.of(Shapes.broadcast("where", in[0].shape(), values), in[1].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape y = out.shape();
        k.where(in[0].expand(y), in[1].expand(y), in[2].expand(y), out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i == 0;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T zero = dy.filled(Shape.of(), dy.dtype(), 0);
        return switch (i) {
            case 1 -> s.input(0).apply(this, dy, zero);
            case 2 -> s.input(0).apply(this, zero, dy);
            default -> null;
        };
    }
}
