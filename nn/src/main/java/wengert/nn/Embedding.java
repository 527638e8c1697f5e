package wengert.nn;

import wengert.nn.init.Init;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;

/// A table of vectors: labels of any shape `[#]` → [#, size]. `weight` [count, size] starts standard normal.
///
/// Labels are whole numbers and say nothing of the kind of value that is wanted, so another argument does:
/// what goes through the network beside them. (A tensor brought to the kind afterwards would be a constant
/// that never trains.)
///
/// ```java
/// var embedding = new Embedding(10, 128);
/// T scale = embedding.forward(labels, z);   // of the kind of z
/// ```
public final class Embedding extends WeightedLayer {
    /// @param count number of labels, which go from 0 to count − 1
    /// @param size  length of each vector
    public Embedding(int count, int size) {
        super(Shape.of(count, size), 0, Init.normal(0, 1));
    }

    /// Looks the labels up.
    ///
    /// @param labels i64 `[#]`
    /// @param like   any value of the wanted kind
    public <T extends TensorOps<T>> T forward(Tensor labels, T like) {
        return weight(like).embedding(labels);
    }

    @Override
    protected String describe() {
        return "Embedding(" + weight().shape().size(0) + " × " + weight().shape().size(1) + ")";
    }
}
