package wengert.tensor.cpu;

import wengert.tensor.spi.LossForm;

/// [F32Losses] in f64.
final class F64Losses {
    private F64Losses() {
    }

    static void loss(LossForm form, double[] x, int xo, double[] t, int to, int tm, double[] y, int yo,
            int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = loss(form, x[xo + i], t[to + (i & tm)]);
        }
    }

    private static double loss(LossForm form, double x, double t) {
        return switch (form.kind()) {
            case BCE -> Math.fma(-t, x, Math.max(x, 0)) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            case PROBABILITY -> Math.fma(-t, floored(x), (t - 1) * floored(1 - x));
            case SQUARED -> (x - t) * (x - t);
            case ABSOLUTE -> Math.abs(x - t);
            case SMOOTH -> {
                double c = clamp(x - t, form.p());
                yield c * (x - t - c / 2) / form.p();
            }
            case HINGE -> Math.max(Math.fma(-t, x, 1), 0);
        };
    }

    static void gradient(LossForm form, double f, double[] x, int xo, double[] t, int to, int tm, double[] y,
            int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = f * slope(form, x[xo + i], t[to + (i & tm)]);
        }
    }

    private static double slope(LossForm form, double x, double t) {
        return switch (form.kind()) {
            case BCE -> {
                double q = F64Math.sigmoid(-Math.abs(x));
                yield x < 0 ? q - t : 1 - t - q;
            }
            case PROBABILITY -> x <= LossForm.NEARLY_NOTHING ? (1 - t) / (1 - x)
                    : 1 - x <= LossForm.NEARLY_NOTHING ? -t / x : (x - t) / (x * (1 - x));
            case SQUARED -> 2 * (x - t);
            case ABSOLUTE -> Math.signum(x - t);
            case SMOOTH -> clamp(x - t, form.p()) / form.p();
            case HINGE -> Math.fma(-t, x, 1) > 0 ? -t : 0;
        };
    }

    private static double floored(double x) {
        return Math.max(StrictMath.log(Math.max(x, 0)), -100);
    }

    private static double clamp(double e, double p) {
        return Math.min(Math.max(e, -p), p);
    }

    static void times(double[] dy, int go, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] *= dy[go + i];
        }
    }
}
