package wengert.nn.init;

import wengert.tensor.Generator;
import wengert.tensor.Tensor;

/// Gives a parameter or a buffer its first values.
///
/// ```java
/// Initialiser halves = (weight, random) -> weight.fillInPlace(0.5);
/// ```
@FunctionalInterface
public interface Initialiser {
    /// Writes every element.
    ///
    /// @param y      what gets the values; its shape says the fans
    /// @param random the stream of this parameter alone, at its first draw, drawing as y's dtype on y's
    ///               device
    void fill(Tensor y, Generator.Stream random);
}
