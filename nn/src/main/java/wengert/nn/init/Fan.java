package wengert.nn.init;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Which number of connections an initialiser scales by.
///
/// ```java
/// double connections = Fan.IN.of(Shape.of(64, 3, 4, 4));   // 48
/// ```
public enum Fan {
    /// Connections into one output: keeps the variance on the way forward.
    IN,
    /// Connections out of one input: keeps the variance on the way back.
    OUT,
    /// The mean of both.
    AVERAGE;

    /// The number for a weight of this shape.
    ///
    /// @param weight [out, in, *]
    /// @throws ShapeException if there are fewer than two axes
    public double of(Shape weight) {
        if (weight.rank() < 2) {
            throw new ShapeException("fan: a weight of shape " + weight
                    + " has no fan-in and fan-out; two axes [out, in] are needed");
        }
        double field = 1;
        for (int a = 2; a < weight.rank(); a++) {
            field *= weight.size(a);
        }
        double in = weight.size(1) * field;
        double out = weight.size(0) * field;
        return switch (this) {
            case IN -> in;
            case OUT -> out;
            case AVERAGE -> (in + out) / 2;
        };
    }
}
