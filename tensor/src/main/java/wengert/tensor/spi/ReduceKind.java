package wengert.tensor.spi;

/// Folds over axes. Each result is folded in a fixed order that depends on the shape alone, never on threads.
public enum ReduceKind {
    /// Sum, pairwise for floats; 0 of nothing.
    SUM,
    /// Largest; NaN if any is NaN; of nothing: refused by the operator.
    MAX,
    /// Smallest; NaN if any is NaN; of nothing: refused by the operator.
    MIN
}
