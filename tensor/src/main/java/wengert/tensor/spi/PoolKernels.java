package wengert.tensor.spi;

/// Windows and resampling, which keep channels apart. Letters as in [ConvKernels]; the geometry's groups are
/// ignored.
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

    /// Linear interpolation in both directions. The middle of output pixel o lies at `(o + ½)/scale − ½` of
    /// the input; beyond the border the border pixel goes on.
    ///
    /// @param x      [N, C, H, W]
    /// @param scaleH at least 1
    /// @param scaleW at least 1
    /// @param y      [N, C, H·scaleH, W·scaleW]
    void upsampleBilinear2d(View x, int scaleH, int scaleW, View y);

    /// The transpose of [#upsampleBilinear2d].
    ///
    /// @param dy [N, C, H·scaleH, W·scaleW]
    /// @param dx [N, C, H, W]
    void upsampleBilinear2dGradient(View dy, int scaleH, int scaleW, View dx);
}
