package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Larger pictures: [N, C, H, W] → [N, C, H·scale, W·scale].
///
/// ```java
/// var twice = new Upsample(2, Upsample.Mode.NEAREST);
/// ```
///
/// @param scale at least 1
/// @param mode  how
public record Upsample(int scale, Mode mode) implements Layer {
    /// How new pixels come about.
    public enum Mode {
        /// Each pixel is repeated.
        NEAREST,
        /// Linear interpolation in both directions; pixels are areas (corners are not aligned).
        BILINEAR
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return switch (mode) {
            case NEAREST -> x.upsampleNearest2d(scale, scale);
            case BILINEAR -> x.upsampleBilinear2d(scale, scale);
        };
    }
}
