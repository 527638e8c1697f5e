package wengert.tensor.cpu;

/// Double-precision functions that [StrictMath] does not have.
final class F64Math {
    private static final double ONE_OVER_SQRT_PI = 0.5641895835477563;

    private F64Math() {
    }

    /// 1/(1 + e^−|x|), or e^−|x| times that for negative x: no overflow, and the small side keeps its digits.
    static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// max(x, 0) + ln(1 + e^−|x|).
    static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    /// 1 − tanh² x = 4e/(1 + e)² with e = e^−2|x|.
    static double sechSquared(double x) {
        double e = StrictMath.exp(-2 * Math.abs(x));
        double d = 1 + e;
        return 4 * e / (d * d);
    }

    /// The error function. Below 1.75 by the series `2/√π · e^−x² · Σ 2^n·x^(2n+1)/(1·3·…·(2n+1))`, whose
    /// terms have one sign; above by one minus the continued fraction of erfc, from the inside out.
    static double erf(double x) {
        double a = Math.abs(x);
        if (a >= 6) {
            return Math.copySign(1, x);
        }
        double square = a * a;
        // e^−x² with the rounding error of x² put back
        double gauss = StrictMath.exp(-square) * (1 - Math.fma(a, a, -square));
        if (!(a >= 1.75)) {
            double term = x;
            double sum = x;
            for (int n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
                term *= 2 * square / n;
                sum += term;
            }
            return 2 * ONE_OVER_SQRT_PI * gauss * sum;
        }
        double fraction = a;
        for (int n = 80; n > 0; n--) {
            fraction = a + 0.5 * n / fraction;
        }
        return Math.copySign(1 - ONE_OVER_SQRT_PI * gauss / fraction, x);
    }
}
