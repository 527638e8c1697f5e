package wengert.tensor.ops;

/// Activation functions, elementwise. Integers and truth values become f32 first.
///
/// @param <T> the kind of value
public interface Activations<T extends TensorOps<T>> extends Value<T> {
    /// Rectifier: `max(this, 0)`; its gradient at 0 is 0.
    default T relu() {
        return leakyRelu(0);
    }

    /// Leaky rectifier: `this > 0 ? this : slope · this`; its gradient at 0 is the slope.
    default T leakyRelu(double slope) {
        return self().floating().apply(new LeakyRelu(slope));
    }

    /// Logistic function: `1 / (1 + e^−this)`.
    default T sigmoid() {
        return self().floating().apply(new Sigmoid());
    }

    /// Soft rectifier: `ln(1 + e^this)`.
    default T softplus() {
        return self().floating().apply(new Softplus());
    }

    /// Logarithm of the logistic function: `ln σ(this) = −softplus(−this)`.
    default T logSigmoid() {
        return self().neg().softplus().neg();
    }

    /// Sigmoid-weighted unit (swish): `this · σ(this)`.
    default T silu() {
        return self().mul(sigmoid());
    }

    /// Gaussian error unit: `this · Φ(this)` with the normal distribution function
    /// `Φ(x) = (1 + erf(x/√2)) / 2`.
    default T gelu() {
        T x = self().floating();
        return x.mul(x.mul(Math.sqrt(0.5)).erf().add(1).mul(0.5));
    }

    /// Exponential rectifier: `this > 0 ? this : alpha · (e^this − 1)`; its gradient at 0 is alpha.
    default T elu(double alpha) {
        return self().floating().apply(new Elu(alpha));
    }
}
