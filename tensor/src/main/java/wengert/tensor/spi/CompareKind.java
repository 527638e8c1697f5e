package wengert.tensor.spi;

/// Elementwise comparisons; any dtype; IEEE 754 for floats (NaN equals nothing).
public enum CompareKind {
    /// a = b
    EQ,
    /// a ≠ b
    NE,
    /// a < b
    LT,
    /// a ≤ b
    LE,
    /// a > b
    GT,
    /// a ≥ b
    GE
}
