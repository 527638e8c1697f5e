package wengert.tensor.spi;

/// Batch normalisation with the statistics of the batch. x, y and gradients are `[N, C, *]` of one floating
/// dtype, per-channel views are `[C]`. M is the number of values per channel.
public interface NormKernels {
    /// `y = gamma · (x − mean) / √(var + eps) + beta`; mean and biased variance over all axes but the
    /// second, shifted two-pass.
    void batchNorm(View x, View gamma, View beta, double eps, View y, View mean, View var);

    /// With `x̂ = (x − mean)/√(var + eps)`:
    /// `dbeta = Σ dy`, `dgamma = Σ dy·x̂`, `dx = gamma/√(var + eps) · (dy − dbeta/M − x̂·dgamma/M)`.
    void batchNormGradient(View x, View gamma, View dy, View mean, View var, double eps, View dx, View dgamma,
            View dbeta);
}
