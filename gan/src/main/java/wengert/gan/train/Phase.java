package wengert.gan.train;

/// Whose turn it is.
public enum Phase {
    /// The discriminator learns, the generator only delivers.
    DISCRIMINATOR,
    /// The generator learns through the frozen discriminator.
    GENERATOR
}
