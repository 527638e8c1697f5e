package wengert.tensor.spi;

/// The three partial derivatives of the convolution's trilinear form. Letters: N batch, C input channels,
/// K output channels, H W input, P Q output, R S kernel, G groups. All views have one floating dtype and may
/// have any strides; outputs are contiguous and completely overwritten. N, and only N, may be 0.
public interface ConvKernels {
    /// `y[n,k,p,q] = bias[k] + Σ_{c,r,s} x[n, c, p·stride − pad + r·dilation, …] · w[k,c,r,s]`.
    ///
    /// @param x    [N, C, H, W]
    /// @param w    [K, C/G, R, S]
    /// @param bias `[K]`, or null for none
    /// @param y    [N, K, P, Q]
    void conv2d(View x, View w, View bias, Conv2dGeometry g, View y);

    /// The transpose with respect to x; also the forward pass of a transposed convolution.
    ///
    /// @param dy   [N, K, P, Q]
    /// @param w    [K, C/G, R, S]
    /// @param bias `[C]`, added to each channel of dx, or null for none
    /// @param dx   [N, C, H, W]; where no window touches it only the bias, or 0
    void conv2dDataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx);

    /// The transpose with respect to w.
    ///
    /// @param x  [N, C, H, W]
    /// @param dy [N, K, P, Q]
    /// @param dw [K, C/G, R, S]; zeros for an empty batch
    void conv2dWeightGradient(View x, View dy, Conv2dGeometry g, View dw);

    /// Without a bias.
    default void conv2d(View x, View w, Conv2dGeometry g, View y) {
        conv2d(x, w, null, g, y);
    }

    /// Without a bias.
    default void conv2dDataGradient(View dy, View w, Conv2dGeometry g, View dx) {
        conv2dDataGradient(dy, w, null, g, dx);
    }
}
