package wengert.nn;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;

/// Mean of each window: [N, C, H, W] → [N, C, P, Q] with
/// `P = ⌊(H + 2·padding − kernel) / stride⌋ + 1`.
///
/// ```java
/// var halving = new AvgPool2d(2);   // [N, C, 32, 32] → [N, C, 16, 16]
/// ```
///
/// @param kernel  rows and columns of the window
/// @param stride  rows and columns between windows
/// @param padding zeros around the picture, which count
public record AvgPool2d(int kernel, int stride, int padding) implements Layer {
    /// Windows side by side, no padding.
    public AvgPool2d(int kernel) {
        this(kernel, kernel, 0);
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.avgPool2d(kernel, kernel, Conv2dGeometry.of(stride, padding));
    }
}
