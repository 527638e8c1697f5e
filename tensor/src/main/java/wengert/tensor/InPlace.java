package wengert.tensor;

import java.util.Arrays;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// Changes of a tensor's buffer in the name of whoever makes them: each is counted in the storage's version
/// with that name, so that a backward pass that meets a modified value can say who did it. Refused on a view
/// whose elements share memory. Operands never broadcast: shapes must be equal.
///
/// ```java
/// weight.inPlace("Sgd.step").combine(1, -0.1, gradient);   // weight ← weight − 0.1 · gradient
/// ```
public final class InPlace {
    private final Tensor y;
    private final String by;

    /// @param y  what will be changed
    /// @param by who will do it
    InPlace(Tensor y, String by) {
        this.y = y;
        this.by = by;
    }

    /// Overwrites every element with a number.
    public Tensor fill(double value) {
        writable();
        y.device().backend().fill(y.view(), value);
        return modified();
    }

    /// Overwrites every element from a tensor of the same shape; dtypes and devices may differ.
    public Tensor copy(Tensor x) {
        writable();
        sameShape(x);
        y.device().backend().copy(operand(x.to(y.device())), y.view());
        return modified();
    }

    /// `y ← y + value`.
    public Tensor add(double value) {
        writable();
        whole(value);
        y.device().backend().unary(UnaryKind.ADD, value, 0, y.view(), y.view());
        return modified();
    }

    /// `y ← y + x`, of the same dtype.
    public Tensor add(Tensor x) {
        writable();
        same(x);
        y.device().backend().binary(BinaryKind.ADD, 0, 0, y.view(), operand(x), y.view());
        return modified();
    }

    /// `y ← y · value`.
    public Tensor mul(double value) {
        writable();
        whole(value);
        y.device().backend().unary(UnaryKind.MUL, value, 0, y.view(), y.view());
        return modified();
    }

    /// `y ← a · y + b · x`, floats of one dtype, in one pass.
    public Tensor combine(double a, double b, Tensor x) {
        writable();
        same(x);
        if (!y.dtype().isFloating()) {
            throw new DTypeException(by + ": combine is for floats, got " + y.view());
        }
        y.device().backend().binary(BinaryKind.COMBINE, a, b, y.view(), operand(x), y.view());
        return modified();
    }

    /// The larger of y and x, element by element, of the same dtype; NaN if either is.
    public Tensor max(Tensor x) {
        writable();
        same(x);
        y.device().backend().binary(BinaryKind.MAX, 0, 0, y.view(), operand(x), y.view());
        return modified();
    }

    /// `y ← min(max(y, low), high)`; NaN stays NaN.
    public Tensor clamp(double low, double high) {
        writable();
        y.device().backend().unary(UnaryKind.CLAMP, low, high, y.view(), y.view());
        return modified();
    }

    /// The operand, copied if it is another view of what is being written: it would change while it is read.
    private View operand(Tensor x) {
        View from = x.view();
        View to = y.view();
        boolean moves = from.storage() == to.storage() && (from.offset() != to.offset()
                || !Arrays.equals(from.strides(), to.strides()));
        return moves ? x.copy().view() : from;
    }

    private Tensor modified() {
        y.view().storage().modified(by);
        return y;
    }

    private void writable() {
        if (y.view().overlapsItself()) {
            throw new ShapeException(by + ": this view of shape " + y.shape()
                    + " overlaps itself (several elements share one place, as after expand), so it cannot be "
                    + "written; use contiguous() or copy() first");
        }
    }

    private void same(Tensor x) {
        sameShape(x);
        if (y.dtype() != x.dtype()) {
            throw new DTypeException(by + ": both must have one dtype, got " + y.view() + " and " + x.view());
        }
    }

    private void sameShape(Tensor x) {
        if (!y.shape().equals(x.shape())) {
            throw new ShapeException(by + ": expected a tensor of shape " + y.shape() + ", got " + x.shape()
                    + "; in-place operands do not broadcast");
        }
    }

    private void whole(double value) {
        if (!y.dtype().isFloating() && value != Math.rint(value)) {
            throw new DTypeException(by + ": the number " + value + " does not fit dtype " + y.dtype());
        }
    }
}
