package wengert.nn.init;

import wengert.tensor.Tensor;

/// The usual initialisers.
///
/// Those that scale by the number of connections read it from the shape `[out, in, *]`: with a receptive
/// field of `r` elements (the product of the trailing axes), fan-in is `in · r`, fan-out is `out · r`. For a
/// transposed convolution, whose weight is `[in, out, R, S]`, this exchanges the two, as PyTorch has it.
///
/// ```java
/// Initialiser he = Init.kaimingNormal(Fan.IN, Init.reluGain());
/// ```
public final class Init {
    private Init() {
    }

    /// Every element 0.
    public static Initialiser zeros() {
        return constant(0);
    }

    /// Every element 1.
    public static Initialiser ones() {
        return constant(1);
    }

    /// Every element one number.
    public static Initialiser constant(double value) {
        return (y, _) -> y.fillInPlace(value);
    }

    /// Normal with this mean and standard deviation.
    public static Initialiser normal(double mean, double std) {
        return (y, random) -> y.copyInPlace(random.normal(y.shape().toArray()).mul(std).add(mean));
    }

    /// Uniform in [low, high).
    public static Initialiser uniform(double low, double high) {
        return (y, random) -> y.copyInPlace(random.uniform(y.shape().toArray()).mul(high - low).add(low));
    }

    /// Normal with mean 0 and `std = gain / √fan` (He et al. 2015 with [#reluGain]).
    public static Initialiser kaimingNormal(Fan fan, double gain) {
        return (y, random) -> normal(0, gain / Math.sqrt(fan.of(y.shape()))).fill(y, random);
    }

    /// Uniform in ±`gain · √(3 / fan)`, which has the same variance as [#kaimingNormal].
    public static Initialiser kaimingUniform(Fan fan, double gain) {
        return (y, random) -> symmetric(gain * Math.sqrt(3 / fan.of(y.shape()))).fill(y, random);
    }

    /// Normal with mean 0 and `std = gain · √(2 / (fan-in + fan-out))` (Glorot and Bengio 2010).
    public static Initialiser xavierNormal(double gain) {
        return (y, random) -> normal(0, gain * Math.sqrt(1 / Fan.AVERAGE.of(y.shape()))).fill(y, random);
    }

    /// Uniform in ±`gain · √(6 / (fan-in + fan-out))`.
    public static Initialiser xavierUniform(double gain) {
        return (y, random) -> symmetric(gain * Math.sqrt(3 / Fan.AVERAGE.of(y.shape()))).fill(y, random);
    }

    /// `gain` times a matrix [out, in · r] with orthonormal rows or, if there are more rows than columns,
    /// orthonormal columns (Saxe et al. 2014): the Q of a QR decomposition of a normal matrix, signs chosen
    /// so that R has a positive diagonal, which makes Q uniformly distributed. Costs `2 · out · in · r ·
    /// min(out, in · r)` multiplications in f64.
    public static Initialiser orthogonal(double gain) {
        return (y, random) -> {
            int rows = y.shape().rank() == 0 ? 1 : y.shape().size(0);
            int columns = rows == 0 ? 0 : y.shape().length() / rows;
            double[] normal = random.normal(y.shape().toArray()).toDoubleArray();
            double[] q = Orthogonal.rows(normal, rows, columns);
            y.copyInPlace(Tensor.of(q, y.shape().toArray()).mul(gain));
        };
    }

    /// √2: keeps the variance through a rectifier.
    public static double reluGain() {
        return Math.sqrt(2);
    }

    /// `√(2 / (1 + slope²))`: keeps the variance through a leaky rectifier.
    public static double leakyReluGain(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    private static Initialiser symmetric(double bound) {
        return uniform(-bound, bound);
    }
}
