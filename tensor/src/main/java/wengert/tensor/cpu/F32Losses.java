package wengert.tensor.cpu;

import wengert.tensor.spi.LossForm;

/// Losses of f32 numbers, by the equations of [LossForm.Kind]; x, t and y have places of their own. A target
/// that is one number for all has `tm` 0, and stands in an array at least a vector long; otherwise `tm` is
/// −1.
final class F32Losses {
    private F32Losses() {
    }

    /// `y = l(x, t)`.
    static void loss(LossForm form, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        float p = (float) form.p();
        int done = !Simd.PRESENT ? 0 : switch (form.kind()) {
            case BCE -> VectorLosses.bce(x, xo, t, to, tm, y, yo, n);
            case SQUARED -> VectorLosses.squared(x, xo, t, to, tm, y, yo, n);
            case ABSOLUTE -> VectorLosses.absolute(x, xo, t, to, tm, y, yo, n);
            case SMOOTH -> VectorLosses.smooth(p, x, xo, t, to, tm, y, yo, n);
            case HINGE -> VectorLosses.hinge(x, xo, t, to, tm, y, yo, n);
        };
        for (int i = done; i < n; i++) {
            y[yo + i] = loss(form.kind(), p, x[xo + i], t[to + (i & tm)]);
        }
    }

    private static float loss(LossForm.Kind kind, float p, float x, float t) {
        return switch (kind) {
            case BCE -> F32Math.bce(x, t);
            case SQUARED -> (x - t) * (x - t);
            case ABSOLUTE -> Math.abs(x - t);
            case SMOOTH -> {
                float e = x - t;
                float c = clamp(e, p);
                yield c * (e - c * 0.5f) / p;
            }
            case HINGE -> {
                float z = Math.fma(-t, x, 1f);
                yield z < 0f ? 0f : z;
            }
        };
    }

    /// `y = f · l'(x, t)`.
    static void gradient(LossForm form, float f, float[] x, int xo, float[] t, int to, int tm, float[] y,
            int yo, int n) {
        float p = (float) form.p();
        float g = switch (form.kind()) {
            case SQUARED -> 2 * f;
            case SMOOTH -> f / p;
            default -> f;
        };
        int done = !Simd.PRESENT ? 0 : switch (form.kind()) {
            case BCE -> VectorLosses.bceGradient(g, x, xo, t, to, tm, y, yo, n);
            case SQUARED -> VectorLosses.difference(g, x, xo, t, to, tm, y, yo, n);
            case ABSOLUTE -> VectorLosses.absoluteGradient(g, x, xo, t, to, tm, y, yo, n);
            case SMOOTH -> VectorLosses.smoothGradient(p, g, x, xo, t, to, tm, y, yo, n);
            case HINGE -> VectorLosses.hingeGradient(g, x, xo, t, to, tm, y, yo, n);
        };
        for (int i = done; i < n; i++) {
            y[yo + i] = slope(form.kind(), p, g, x[xo + i], t[to + (i & tm)]);
        }
    }

    private static float slope(LossForm.Kind kind, float p, float f, float x, float t) {
        return switch (kind) {
            case BCE -> F32Math.bceGradient(x, t) * f;
            case SQUARED -> (x - t) * f;
            case ABSOLUTE -> {
                float e = x - t;
                yield e > 0f ? f : e < 0f ? -f : e;
            }
            case SMOOTH -> clamp(x - t, p) * f;
            case HINGE -> Math.fma(-t, x, 1f) > 0f ? -t * f : 0f;
        };
    }

    private static float clamp(float e, float p) {
        return e > p ? p : e < -p ? -p : e;
    }

    /// `y ← y · dy`.
    static void times(float[] dy, int go, float[] y, int yo, int n) {
        int done = Simd.PRESENT ? VectorLosses.times(dy, go, y, yo, n) : 0;
        for (int i = done; i < n; i++) {
            y[yo + i] *= dy[go + i];
        }
    }
}
