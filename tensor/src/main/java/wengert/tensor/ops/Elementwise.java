package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;

/// Elementwise mathematics. Shapes of two operands broadcast as NumPy's do; dtypes are promoted
/// (`bool < i32 < i64 < f32 < f64`); plain numbers never promote a tensor.
///
/// @param <T> the kind of value
public interface Elementwise<T extends TensorOps<T>> extends Value<T> {
    /// `this + other`.
    default T add(HasValue other) {
        return Promotion.apply(new Add(), self(), lift(other));
    }

    /// `this − other`.
    default T sub(HasValue other) {
        return Promotion.apply(new Sub(), self(), lift(other));
    }

    /// `this · other`, elementwise.
    default T mul(HasValue other) {
        return Promotion.apply(new Mul(), self(), lift(other));
    }

    /// `this / other`, elementwise; integers are divided as f32.
    default T div(HasValue other) {
        return Promotion.apply(new Div(), floating(), lift(other));
    }

    /// `this + value`.
    default T add(double value) {
        return apply(new AddScalar(weak("add", value)));
    }

    /// `this − value`.
    default T sub(double value) {
        return add(-value);
    }

    /// `this · value`.
    default T mul(double value) {
        return apply(new MulScalar(weak("mul", value)));
    }

    /// `this / value`; integers are divided as f32.
    default T div(double value) {
        return floating().apply(new MulScalar(1 / value));
    }

    /// `−this`.
    default T neg() {
        return apply(new Neg());
    }

    /// `e^this`.
    default T exp() {
        return floating().apply(new Exp());
    }

    /// Natural logarithm.
    default T log() {
        return floating().apply(new Log());
    }

    /// Hyperbolic tangent.
    default T tanh() {
        return floating().apply(new Tanh());
    }

    /// `this · this`.
    default T square() {
        return mul(self());
    }

    /// The same numbers as another dtype; itself if it has that already. Gradients come back in this dtype.
    default T to(DType dtype) {
        return dtype == dtype() ? self() : apply(new Cast(dtype));
    }

    /// This as floats: integers and truth values become f32.
    default T floating() {
        return dtype().isFloating() ? self() : to(DType.F32);
    }

    /// A plain number never changes a tensor's dtype, so an integer tensor takes whole numbers only.
    private double weak(String op, double value) {
        if (!dtype().isFloating() && value != Math.rint(value)) {
            throw new DTypeException(op + ": the number " + value + " does not fit a tensor of dtype " + dtype()
                    + "; use to(DType.F32) first");
        }
        return value;
    }
}
