package wengert.tensor.spi;

/// Distributions a backend draws from.
public enum RandomKind {
    /// uniform in [0, 1), multiples of 2^−24
    UNIFORM,
    /// standard normal, by Box–Muller
    NORMAL
}
