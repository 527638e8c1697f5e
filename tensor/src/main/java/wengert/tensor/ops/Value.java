package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// What every kind of value can do, beneath the operators: say its form, apply an operator, make a constant
/// of its own kind. There are two kinds: plain values (a tensor) compute, values with a history (a variable)
/// compute and record. All mathematics is written once over this interface.
///
/// @param <T> the kind itself
public interface Value<T extends TensorOps<T>> extends HasValue {
    /// This, as its own kind.
    T self();

    /// Sizes of the axes.
    default Shape shape() {
        return view().shape();
    }

    /// Kind of number.
    default DType dtype() {
        return view().dtype();
    }

    /// Where the numbers live.
    default Device device() {
        return view().storage().device();
    }

    /// Applies an operator of one input, this.
    T apply(Op op);

    /// Applies an operator of two inputs, this first.
    T apply(Op op, T second);

    /// Applies an operator of three inputs, this first.
    T apply(Op op, T second, T third);

    /// Applies an operator of any number of inputs and outputs; this only says the kind.
    ///
    /// @param inputs all inputs, in order
    /// @return all outputs, in order
    List<T> applyAll(Op op, List<T> inputs);

    /// Brings any value to this kind. A tensor's `lift` gives the numbers alone. A variable's `lift` gives
    /// the same variable if `x` is one, otherwise a constant.
    T lift(HasValue x);

    /// Whether what is computed from values of this kind can be differentiated again. A gradient rule may
    /// ask, to run one kernel where it otherwise spells out operators that have rules of their own.
    default boolean records() {
        return true;
    }

    /// A constant of this kind on this device, every element `value`.
    T filled(Shape shape, DType dtype, double value);
}
