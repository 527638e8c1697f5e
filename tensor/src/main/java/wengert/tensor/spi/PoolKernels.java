package wengert.tensor.spi;

/// Windows that keep channels apart. Letters as in [ConvKernels]; the geometry's groups are ignored.
public interface PoolKernels {
    /// Where the largest value of each window stands (the first of equals; NaN counts as largest).
    ///
    /// @param x       [N, C, H, W]
    /// @param r       rows of the window
    /// @param s       columns of the window
    /// @param indices i64 [N, C, P, Q]: h·W + w of the winner; padding never wins
    void maxPool2dIndices(View x, int r, int s, Conv2dGeometry g, View indices);

    /// Mean over each window, padding counted as zeros: divides by r·s.
    ///
    /// @param x [N, C, H, W]
    /// @param y [N, C, P, Q]
    void avgPool2d(View x, int r, int s, Conv2dGeometry g, View y);

    /// The transpose of [#avgPool2d].
    ///
    /// @param dy [N, C, P, Q]
    /// @param dx [N, C, H, W]
    void avgPool2dGradient(View dy, int r, int s, Conv2dGeometry g, View dx);
}
