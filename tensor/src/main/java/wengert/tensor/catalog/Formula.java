package wengert.tensor.catalog;

import java.util.List;
import wengert.tensor.ops.TensorOps;

/// How a sample calls its operator. One method serves a whole family of operators and chooses by
/// [Sample#operator()], so that every operator is one line.
@FunctionalInterface
public interface Formula {
    /// @param sample which operator, with which attributes
    /// @param in     the inputs, in the sample's order
    /// @return the result
    <T extends TensorOps<T>> T apply(Sample sample, List<T> in);
}
