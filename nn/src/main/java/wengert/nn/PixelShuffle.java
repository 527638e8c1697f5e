package wengert.nn;

import wengert.tensor.ops.TensorOps;

/// Channels become pixels (Shi et al. 2016): [N, C·r·r, H, W] → [N, C, H·r, W·r].
///
/// ```java
/// var twice = new PixelShuffle(2);   // [N, 256, 8, 8] → [N, 64, 16, 16]
/// ```
///
/// @param factor r
public record PixelShuffle(int factor) implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.pixelShuffle(factor);
    }
}
