package wengert.tensor.spi;

/// What a device must be able to do. Found by [java.util.ServiceLoader]. Kernels receive views that were
/// checked before (shapes fit, dtypes agree, all on this device); inputs may have any strides, outputs do not
/// overlap themselves and every element of them is written. An output may be the same view as an input of an
/// elementwise kernel. Results do not depend on the number of threads.
public interface Backend {
    /// The device this backend computes on.
    Device device();

    /// One line about it for `doctor`: instruction width, threads.
    String description();

    /// A new buffer of undefined content.
    ///
    /// @throws OutOfMemoryException if a device with memory of its own has no room for it
    Storage allocate(DType dtype, int length);

    /// Gives back a buffer that the program is through with, where the garbage collector would be late.
    ///
    /// @param data of a storage from [#allocate] that nobody uses any more
    default void free(Object data) {
    }

    /// Whether buffers of a few elements, too, are worth keeping for the next step, as where the garbage
    /// collector does not see the memory.
    default boolean poolsSmall() {
        return false;
    }

    /// Whom to ask for buffers that are kept for the next step, by [#free], before saying that there is no
    /// room.
    default void whenShort(Runnable giveBack) {
    }

    /// Copies element by element, converting to y's dtype (float to integer truncates towards zero; anything
    /// but 0 becomes true). One of the two may be in host memory, see [Device#isHost].
    void copy(View x, View y);

    /// Sets every element to a number.
    void fill(View y, double value);

    /// y = kind(x; p, q).
    void unary(UnaryKind kind, double p, double q, View x, View y);

    /// y = kind(a, b; p, q); all three of one shape (broadcast operands have stride 0) and dtype.
    void binary(BinaryKind kind, double p, double q, View a, View b, View y);

    /// y = a kind b; y is bool.
    void compare(CompareKind kind, View a, View b, View y);

    /// y = c ? a : b; c is bool. Selects, never multiplies.
    void where(View c, View a, View b, View y);

    /// Folds x over the axes in which y has size 1 and x has not; ranks agree.
    void reduce(ReduceKind kind, View x, View y);

    /// Index of the largest (or smallest) along an axis, the first of equals; NaN wins.
    ///
    /// @param y i64, of x's shape with size 1 in `axis`
    void argReduce(ReduceKind kind, View x, int axis, View y);

    /// Running sum along an axis.
    void cumulativeSum(View x, int axis, View y);

    /// `y[…,m,n] = Σ_k a[…,m,k] · b[…,k,n]`; leading axes of all three agree. K = 0 gives zeros.
    void matmul(View a, View b, View y);

    /// `y[i] = x[i with index[i] in axis]`; y and the i64 index have one shape, equal to x's except in
    /// `axis`, or smaller.
    ///
    /// @throws IndexException if an index lies outside of the axis, naming it
    void gather(View x, int axis, View index, View y);

    /// `y[i with index[i] in axis] += x[i]` in row-major order of i; duplicates add up.
    void scatterAdd(View x, int axis, View index, View y);

    /// Draws from a counter-based stream: element i of the view in row-major order is a function of
    /// (seed, stream, draw, i) alone, see Philox.
    void random(RandomKind kind, long seed, long stream, int draw, View y);

    /// Waits for everything started before.
    void synchronize();

    /// An optional group of kernels; a backend that implements its interface has them.
    ///
    /// @param group one of the kernel interfaces of this package
    /// @return the kernels, or null if this backend has none; the operator's composite runs then
    default <K> K find(Class<K> group) {
        return group.isInstance(this) ? group.cast(this) : null;
    }
}
