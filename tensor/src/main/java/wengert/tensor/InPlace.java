package wengert.tensor;

import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.UnaryKind;

/// Changes of a buffer. Each one is counted in the storage's version with the name of who did it, and refused
/// on a view whose elements share memory. Operands never broadcast: shapes must be equal.
final class InPlace {
    private InPlace() {
    }

    static Tensor fill(Tensor y, double value, String by) {
        writable(y, by);
        y.device().backend().fill(y.view(), value);
        return modified(y, by);
    }

    static Tensor copy(Tensor y, Tensor x, String by) {
        writable(y, by);
        sameShape(y, x, by);
        y.device().backend().copy(x.to(y.device()).view(), y.view());
        return modified(y, by);
    }

    static Tensor add(Tensor y, Tensor x, String by) {
        writable(y, by);
        sameShape(y, x, by);
        if (y.dtype() != x.dtype()) {
            throw new DTypeException(by + ": both must have one dtype, got " + y.view() + " and " + x.view());
        }
        y.device().backend().binary(BinaryKind.ADD, 0, 0, y.view(), x.view(), y.view());
        return modified(y, by);
    }

    static Tensor mul(Tensor y, double value, String by) {
        writable(y, by);
        if (!y.dtype().isFloating() && value != Math.rint(value)) {
            throw new DTypeException(by + ": the number " + value + " does not fit dtype " + y.dtype());
        }
        y.device().backend().unary(UnaryKind.MUL, value, 0, y.view(), y.view());
        return modified(y, by);
    }

    private static Tensor modified(Tensor y, String by) {
        y.view().storage().modified(by);
        return y;
    }

    private static void writable(Tensor y, String by) {
        if (y.view().overlapsItself()) {
            throw new ShapeException(by + ": this view of shape " + y.shape()
                    + " overlaps itself (several elements share one place, as after expand), so it cannot be "
                    + "written; use contiguous() or copy() first");
        }
    }

    private static void sameShape(Tensor y, Tensor x, String by) {
        if (!y.shape().equals(x.shape())) {
            throw new ShapeException(by + ": expected a tensor of shape " + y.shape() + ", got " + x.shape()
                    + "; in-place operands do not broadcast");
        }
    }
}
