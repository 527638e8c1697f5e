package wengert.tensor.reference;

/// Scalar functions in double that [Math] does not have, each accurate on its whole range.
final class Functions {
    private static final double TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
    private static final double ONE_OVER_SQRT_PI = 1 / Math.sqrt(Math.PI);

    private Functions() {
    }

    /// `σ(x) = 1/(1 + e^−x) = e^x/(1 + e^x)`: the form whose exponential does not overflow.
    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// `ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|)`.
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /// `sech²(x) = 1 − tanh²(x) = 4 σ(2x) σ(−2x)`, without the cancellation.
    static double sechSquared(double x) {
        return 4 * sigmoid(2 * x) * sigmoid(-2 * x);
    }

    /// `erf(x) = 2/√π ∫_0^x e^−t² dt`, to a few units in the last place.
    ///
    /// |x| < 2: Kummer's series `2/√π · e^−x² · Σ_n 2^n x^(2n+1) / (1·3·…·(2n+1))`, whose terms all have one
    /// sign. Beyond: 1 − erfc, with Laplace's continued fraction
    /// `erfc(x) = e^−x²/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))))`, small enough there that its own
    /// error does not count. Abramowitz & Stegun 7.1.6 and 7.1.14.
    static double erf(double x) {
        double a = Math.abs(x);
        if (a < 2) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return TWO_OVER_SQRT_PI * Math.exp(-x * x) * sum;
        }
        if (a > 6) {
            return Math.signum(x); // erfc(6) = 2·10^−17
        }
        if (a != a) {
            return x;
        }
        double tail = a;
        for (int n = 120; n >= 1; n--) {
            tail = a + 0.5 * n / tail;
        }
        return Math.copySign(1 - ONE_OVER_SQRT_PI * Math.exp(-a * a) / tail, x);
    }
}
