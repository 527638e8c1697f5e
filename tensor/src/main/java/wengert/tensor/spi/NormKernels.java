package wengert.tensor.spi;

/// Normalisation with a scale, a shift and a leaky rectifier, its gradient, and the gradient of that. x, y
/// and gradients of their size are [N, C, *] of one floating dtype, gamma, beta and theirs `[C]`, statistics
/// `[S]` as [NormForm] counts them, M values each. In the equations, per set or element as it fits:
///
/// `x̂ = (x − mean) · s`, `s = 1/√(var + eps)`, `z = gamma · x̂ + beta`, and `φ(v) = z > 0 ? v : slope · v`,
/// for slope 0 exactly 0 on the left.
public interface NormKernels {
    /// `y = φ(z)`; mean and biased variance are given out, rounded to their dtype, and used so rounded: what
    /// the gradients compute from them has the sign that y had.
    void normalise(NormForm form, View x, View gamma, View beta, View y, View mean, View var);

    /// With `d = φ(dy)`, `e = gamma · d`, sums and means over sets except where noted:
    /// `dx = s · (e − mean e − x̂ · mean(e·x̂))`, and over all elements of a channel
    /// `dgamma = Σ d·x̂`, `dbeta = Σ d`.
    void normaliseGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View dx, View dgamma, View dbeta);

    /// The gradient of [#normaliseGradient], where mean and var are functions of x. With cotangents `a` of
    /// dx, `b` of dgamma, `c` of dbeta, means over sets `A = mean a`, `P = mean(a·x̂)`, `E = mean e`,
    /// `Q = mean(e·x̂)`, `R = mean(a·(e − E − x̂·Q))`, and `t = s·(a − A − x̂·P)`:
    /// - `ddy = φ(gamma·t + b·x̂ + c)`
    /// - `dgamma = Σ d·t` over all elements of a channel
    /// - `dx = s·(g − mean g − x̂·mean(g·x̂)) − R·s²·x̂` with `g = b·d − s·(a·Q + e·P)`
    ///
    /// @param a      [N, C, *]
    /// @param b      `[C]`
    /// @param c      `[C]`
    /// @param dx     gradient of x
    /// @param dgamma gradient of gamma
    /// @param ddy    gradient of dy
    void normaliseSecondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View a, View b, View c, View dx, View dgamma, View ddy);
}
