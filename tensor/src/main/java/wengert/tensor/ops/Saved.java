package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// What an operator's gradient rule may look at: the inputs and outputs it declared to keep, and which
/// gradients are wanted.
///
/// @param <T> plain values in an ordinary backward pass, values with a history when the gradient is itself to
///            be differentiated
public interface Saved<T extends TensorOps<T>> {
    /// A kept input, see [Op#savesInput].
    T input(int i);

    /// A kept output, see [Op#savesOutput].
    T output(int j);

    /// Whether the gradient of input `i` is wanted.
    boolean needs(int i);

    /// The shape input `i` had, kept or not.
    Shape shape(int i);

    /// The dtype input `i` had, kept or not.
    DType dtype(int i);

    /// Number of inputs.
    int inputs();
}
