package wengert.tensor.cpu;

import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.UnaryKind;

/// Losses of f32 numbers, by the equations of [LossForm.Kind]; x, t and y have places of their own. A target
/// that is one number for all has `tm` 0, and stands in an array at least a vector long; otherwise `tm` is
/// −1.
final class F32Losses {
    /// The largest number whose logarithm is not above −100.
    static final float NEARLY_NOTHING = Math.nextDown((float) LossForm.NEARLY_NOTHING);

    private F32Losses() {
    }

    /// `y = l(x, t)`.
    static void loss(LossForm form, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        if (form.kind() == LossForm.Kind.PROBABILITY) {
            probability(x, xo, t, to, tm, y, yo, n);
            return;
        }
        float p = (float) form.p();
        int done = !Simd.PRESENT ? 0 : switch (form.kind()) {
            case BCE -> VectorLosses.bce(x, xo, t, to, tm, y, yo, n);
            case PROBABILITY -> 0;
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
            case PROBABILITY -> throw new IllegalStateException("binary cross entropy has loops of its own");
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
            case PROBABILITY -> VectorLosses.probabilityGradient(g, x, xo, t, to, tm, y, yo, n);
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
            case PROBABILITY -> probabilityGradient(x, t) * f;
            case SQUARED -> (x - t) * f;
            case ABSOLUTE -> {
                float e = x - t;
                yield e > 0f ? f : e < 0f ? -f : e;
            }
            case SMOOTH -> clamp(x - t, p) * f;
            case HINGE -> Math.fma(-t, x, 1f) > 0f ? -t * f : 0f;
        };
    }

    /// Block by block: both logarithms by the loops of [F32Unary], then the loss.
    private static void probability(float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        float[] a = Scratch.mine().floats(4, Folds.BLOCK);
        float[] b = Scratch.mine().floats(5, Folds.BLOCK);
        for (int i = 0; i < n; i += Folds.BLOCK) {
            int m = Math.min(Folds.BLOCK, n - i);
            for (int j = 0; j < m; j++) {
                float v = x[xo + i + j];
                a[j] = Math.max(v, 0f);
                b[j] = Math.max(1f - v, 0f);
            }
            F32Unary.run(UnaryKind.LOG, 0, 0, a, a, 0, m);
            F32Unary.run(UnaryKind.LOG, 0, 0, b, b, 0, m);
            int from = to + (i & tm);
            int done = Simd.PRESENT ? VectorLosses.probability(a, b, t, from, tm, y, yo + i, m) : 0;
            for (int j = done; j < m; j++) {
                float s = t[from + (j & tm)];
                y[yo + i + j] = Math.fma(-s, Math.max(a[j], -100f), (s - 1f) * Math.max(b[j], -100f));
            }
        }
    }

    private static float probabilityGradient(float x, float t) {
        float rest = 1f - x;
        return x <= NEARLY_NOTHING ? (1f - t) / rest : rest <= NEARLY_NOTHING ? -t / x : (x - t) / (x * rest);
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
