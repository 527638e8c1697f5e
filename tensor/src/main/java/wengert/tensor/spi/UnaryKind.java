package wengert.tensor.spi;

/// Elementwise functions of one operand and up to two numbers p, q. Floats only unless said otherwise.
public enum UnaryKind {
    /// −x, integers too
    NEG,
    /// e^x
    EXP,
    /// ln x
    LOG,
    /// √x
    SQRT,
    /// |x|, integers too
    ABS,
    /// −1, 0 or 1, integers too; NaN for NaN
    SIGN,
    /// x², integers too
    SQUARE,
    /// 1/x
    RECIPROCAL,
    /// hyperbolic tangent
    TANH,
    /// 1/(1 + e^−x)
    SIGMOID,
    /// ln(1 + e^x), exact on both sides
    SOFTPLUS,
    /// error function
    ERF,
    /// sine
    SIN,
    /// cosine
    COS,
    /// x > 0 ? x : p·x; relu is p = 0 and selects (−∞ gives 0); NaN stays NaN
    LEAKY_RELU,
    /// x > 0 ? x : p·(e^x − 1)
    ELU,
    /// min(max(x, p), q), integers too; p and q are rounded to x's dtype first; NaN stays NaN
    CLAMP,
    /// x^p
    POW,
    /// x + p, integers too
    ADD,
    /// x · p, integers too
    MUL,
    /// largest whole number not above x
    FLOOR,
    /// true where false; bool only
    NOT
}
