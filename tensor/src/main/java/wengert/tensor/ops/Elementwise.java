package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.TensorException;

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
        return apply(new Square());
    }

    /// Square root; its gradient at 0 is +∞.
    default T sqrt() {
        return floating().apply(new Sqrt());
    }

    /// `|this|`; its gradient at 0 is 0.
    default T abs() {
        return apply(new Abs());
    }

    /// −1, 0 or 1; NaN for NaN. Its gradient is structurally zero.
    default T sign() {
        return apply(new Sign());
    }

    /// `1 / this`; integers become f32.
    default T reciprocal() {
        return floating().apply(new Reciprocal());
    }

    /// Sine.
    default T sin() {
        return floating().apply(new Sin());
    }

    /// Cosine.
    default T cos() {
        return floating().apply(new Cos());
    }

    /// Error function.
    default T erf() {
        return floating().apply(new Erf());
    }

    /// The largest whole number not above. Its gradient is structurally zero.
    default T floor() {
        return dtype().isFloating() ? apply(new Floor()) : self();
    }

    /// Restricted to an interval: `min(max(this, min), max)`. The gradient passes at the bounds. A bound may
    /// be infinite.
    ///
    /// @throws TensorException if a bound is NaN or min is above max
    default T clamp(double min, double max) {
        if (!(min <= max)) {
            throw new TensorException("clamp: expected min <= max, got " + min + " and " + max);
        }
        return apply(new Clamp(bound(min), bound(max)));
    }

    /// `this^exponent`; integers become f32.
    default T pow(double exponent) {
        return floating().apply(new PowScalar(exponent));
    }

    /// `this^exponent`, elementwise; integers become f32. The gradient with respect to the base is 0 where
    /// both are 0; with respect to the exponent it is 0 where the base is 0 and the exponent is not negative.
    default T pow(HasValue exponent) {
        return Promotion.apply(new Pow(), floating(), lift(exponent));
    }

    /// The larger of two, elementwise; NaN if either is. Equal ones share the gradient.
    default T maximum(HasValue other) {
        return Promotion.apply(new Maximum(), self(), lift(other));
    }

    /// The smaller of two, elementwise; NaN if either is. Equal ones share the gradient.
    default T minimum(HasValue other) {
        return Promotion.apply(new Minimum(), self(), lift(other));
    }

    /// The same numbers as another dtype; itself if it has that already. Gradients come back in this dtype.
    default T to(DType dtype) {
        return dtype == dtype() ? self() : apply(new Cast(dtype));
    }

    /// This as floats: integers and truth values become f32.
    default T floating() {
        return dtype().isFloating() ? self() : to(DType.F32);
    }

    /// A plain number never changes a tensor's dtype, so an integer tensor takes whole numbers in its range
    /// only.
    private double weak(String op, double value) {
        double limit = dtype() == DType.I64 ? 0x1p63 : 0x1p31;
        if (!dtype().isFloating() && !(value == Math.rint(value) && -limit <= value && value < limit)) {
            throw new DTypeException(op + ": the number " + value + " does not fit a tensor of dtype "
                    + dtype() + "; use to(DType.F32) first");
        }
        return value;
    }

    /// A bound may also be infinite: then it is none.
    private double bound(double value) {
        return Double.isInfinite(value) ? value : weak("clamp", value);
    }
}
