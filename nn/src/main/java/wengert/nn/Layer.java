package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// A function of one value, written once for both kinds: tensors pass through without a trace, variables are
/// recorded. What [Sequential] chains. A network with more arguments is a [Module] with a `forward` of its
/// own: `<T extends TensorOps<T>> T forward(T z, Tensor labels)`.
///
/// ```java
/// final class Twice implements Layer {
///     public <T extends TensorOps<T>> T forward(T x) {
///         return x.mul(2);
///     }
/// }
/// ```
public interface Layer {
    /// Applies the layer.
    ///
    /// @param x   input, first axis the batch
    /// @param <T> the kind of value, `Tensor` or `Variable`
    /// @return the output, of the same kind
    <T extends TensorOps<T>> T forward(T x);
}
