package wengert.tensor.ops;

/// What batch normalisation gives: the result and the statistics of the batch, for the running averages.
///
/// @param y    normalised, of the input's shape
/// @param mean mean per channel, `[C]`; a constant, no gradient flows through it
/// @param var  biased variance per channel, `[C]`; a constant
/// @param <T>  the kind of value
public record Normalized<T>(T y, T mean, T var) {
}
