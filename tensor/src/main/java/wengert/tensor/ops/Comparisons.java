package wengert.tensor.ops;

import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// Comparisons, truth values, and choosing by them. Shapes broadcast; operands of two dtypes are promoted.
/// Comparisons follow IEEE 754: NaN equals nothing, not even itself. Truth values carry no gradient.
///
/// @param <T> the kind of value
public interface Comparisons<T extends TensorOps<T>> extends Value<T> {
    /// `this = other`, as bool.
    default T eq(HasValue other) {
        return compare(CompareKind.EQ, other);
    }

    /// `this = value`, as bool.
    default T eq(double value) {
        return compare(CompareKind.EQ, value);
    }

    /// `this ≠ other`, as bool.
    default T ne(HasValue other) {
        return compare(CompareKind.NE, other);
    }

    /// `this ≠ value`, as bool.
    default T ne(double value) {
        return compare(CompareKind.NE, value);
    }

    /// `this < other`, as bool.
    default T lt(HasValue other) {
        return compare(CompareKind.LT, other);
    }

    /// `this < value`, as bool.
    default T lt(double value) {
        return compare(CompareKind.LT, value);
    }

    /// `this ≤ other`, as bool.
    default T le(HasValue other) {
        return compare(CompareKind.LE, other);
    }

    /// `this ≤ value`, as bool.
    default T le(double value) {
        return compare(CompareKind.LE, value);
    }

    /// `this > other`, as bool.
    default T gt(HasValue other) {
        return compare(CompareKind.GT, other);
    }

    /// `this > value`, as bool.
    default T gt(double value) {
        return compare(CompareKind.GT, value);
    }

    /// `this ≥ other`, as bool.
    default T ge(HasValue other) {
        return compare(CompareKind.GE, other);
    }

    /// `this ≥ value`, as bool.
    default T ge(double value) {
        return compare(CompareKind.GE, value);
    }

    private T compare(CompareKind kind, HasValue other) {
        return Promotion.apply(new Compare(kind), self(), lift(other));
    }

    /// A number takes the tensor's dtype; one that an integer tensor cannot hold is compared as f64.
    private T compare(CompareKind kind, double value) {
        boolean holds = dtype().isFloating()
                || dtype() != DType.BOOL && value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE;
        T left = holds ? self() : self().to(DType.F64);
        return left.apply(new Compare(kind), left.filled(Shape.of(), left.dtype(), value));
    }

    /// True where this is NaN.
    default T isNaN() {
        return ne(self());
    }

    /// True where this is neither infinite nor NaN.
    default T isFinite() {
        return self().abs().lt(Double.POSITIVE_INFINITY);
    }

    /// True where both are; of numbers, anything but 0 counts as true.
    default T logicalAnd(HasValue other) {
        return truth(self()).apply(new Minimum(), truth(lift(other)));
    }

    /// True where either is; of numbers, anything but 0 counts as true.
    default T logicalOr(HasValue other) {
        return truth(self()).apply(new Maximum(), truth(lift(other)));
    }

    /// True where this is false; of numbers, anything but 0 counts as true.
    default T logicalNot() {
        return truth(self()).apply(new Not());
    }

    /// This where the condition holds, the other elsewhere: `y = condition ? this : other`. It is asked of
    /// the value and not of the condition, so that the result is of the value's kind and keeps its history.
    /// The gradient of what was not chosen is 0, whatever stands there.
    ///
    /// @param condition truth values, or numbers of which anything but 0 counts as true
    /// @param other     taken where the condition is false
    default T where(HasValue condition, HasValue other) {
        T b = lift(other);
        DType common = DType.promote(dtype(), b.dtype());
        return truth(lift(condition)).apply(new Where(), self().to(common), b.to(common));
    }

    /// This, with one number where the mask holds: `y = mask ? value : this`.
    ///
    /// @param mask truth values, or numbers of which anything but 0 counts as true
    default T maskedFill(HasValue mask, double value) {
        return truth(lift(mask)).apply(new Where(), filled(Shape.of(), dtype(), value), self());
    }

    private static <T extends TensorOps<T>> T truth(T x) {
        return x.to(DType.BOOL);
    }
}
