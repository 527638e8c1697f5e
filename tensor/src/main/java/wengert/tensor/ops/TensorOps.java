package wengert.tensor.ops;

/// The whole mathematics of a kind of value, each operator written once as a default method over `apply`. A
/// tensor computes, a variable computes and records; what is written over `T extends TensorOps<T>` (layers,
/// losses, gradient rules) serves both.
///
/// @param <T> the kind of value itself
public interface TensorOps<T extends TensorOps<T>>
        extends Elementwise<T>,
        Activations<T>,
        Comparisons<T>,
        Reductions<T>,
        Statistics<T>,
        Criteria<T>,
        Indexing<T>,
        Shaping<T>,
        Slicing<T>,
        Joining<T>,
        Windows<T>,
        Products<T>,
        Convolutions<T>,
        Norms<T> {
}
