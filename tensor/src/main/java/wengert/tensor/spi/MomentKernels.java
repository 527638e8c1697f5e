package wengert.tensor.spi;

/// Statistics over axes in one pass.
public interface MomentKernels {
    /// `mean = Σ x / n` and `var = Σ (x − mean)² / divisor` of the n numbers along some axes. Where all are
    /// equal, the mean is that number and the variance 0, exactly. NaN of nothing.
    ///
    /// @param x       floats
    /// @param divisor at least 0
    /// @param mean    x's shape, with size 1 along those axes
    /// @param var     alike
    void variance(View x, double divisor, View mean, View var);
}
