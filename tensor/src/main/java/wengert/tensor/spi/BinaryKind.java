package wengert.tensor.spi;

/// Elementwise functions of two operands a, b of one dtype and up to two numbers p, q.
public enum BinaryKind {
    /// a + b, integers too
    ADD,
    /// a − b, integers too
    SUB,
    /// a · b, integers too; on bool: and
    MUL,
    /// a / b, floats
    DIV,
    /// the larger, integers and bool (or) too; NaN if either is
    MAX,
    /// the smaller, integers and bool (and) too; NaN if either is
    MIN,
    /// a^b, floats
    POW,
    /// gradient of tanh: a = x, b = dy: dy · sech²(x), accurate where tanh saturates
    TANH_GRAD,
    /// gradient of sigmoid: a = x, b = dy: dy · σ(x) · σ(−x)
    SIGMOID_GRAD,
    /// gradient of leaky relu: a = x, b = dy: x > 0 ? dy : p·dy, exactly 0 for p = 0
    LEAKY_RELU_GRAD,
    /// gradient of clamp: a = x, b = dy: p ≤ x ≤ q ? dy : 0, with p and q rounded to x's dtype first
    CLAMP_GRAD,
    /// p·a + q·b, floats: two products and a sum in double, rounded once to the dtype
    COMBINE
}
