package wengert.tensor.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [F32Losses] on whole vectors, operation by operation; `& tm` keeps a target that is one
/// number for all where it stands. Each returns how many numbers it has done; the caller finishes the tail
/// with the scalar form, bit for bit the same. Spelled out for the reason given in [VectorMath].
final class VectorLosses {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int LANES = Species.LANES;
    private static final int SIGN = 0x80000000;

    private VectorLosses() {
    }

    static int bce(float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, xo + i);
            FloatVector v = x0.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector m = z.sub(F32Math.ROUNDER);
            FloatVector hi = m.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = m.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector u = p.mul(power.reinterpretAsFloats()).mul(0x1p-64f);
            s = u.mul(u);
            FloatVector low = s.fma(u.fma(F32Math.P3, F32Math.P2), u.fma(F32Math.P1, F32Math.P0));
            FloatVector high = s.fma(broadcast(S, F32Math.P8), u.fma(F32Math.P7, F32Math.P6));
            high = s.fma(high, u.fma(F32Math.P5, F32Math.P4));
            FloatVector log = s.fma(s.mul(s).fma(high, low), u);
            FloatVector above = x0.blend(0f, x0.lt(0f));
            FloatVector.fromArray(S, t, to + (i & tm)).neg().fma(x0, above).add(log).intoArray(y, yo + i);
        }
        return i;
    }

    static int bceGradient(float f, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, xo + i);
            FloatVector v = x0.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector m = z.sub(F32Math.ROUNDER);
            FloatVector hi = m.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = m.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector e = p.mul(power.reinterpretAsFloats()).mul(0x1p-64f);
            q = e.div(e.add(1f));
            VectorMask<Float> below = x0.lt(0f);
            FloatVector rest = broadcast(S, 1f).blend(0f, below)
                    .sub(FloatVector.fromArray(S, t, to + (i & tm)));
            q.neg().blend(q, below).add(rest).mul(f).intoArray(y, yo + i);
        }
        return i;
    }

    /// Of the logarithms of x and of 1 − x.
    static int probability(float[] a, float[] b, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector u = FloatVector.fromArray(S, a, i);
            FloatVector v = FloatVector.fromArray(S, b, i);
            FloatVector s = FloatVector.fromArray(S, t, to + (i & tm));
            u = u.blend(-100f, u.lt(-100f));
            v = v.blend(-100f, v.lt(-100f));
            s.neg().fma(u, s.sub(1f).mul(v)).intoArray(y, yo + i);
        }
        return i;
    }

    static int probabilityGradient(float f, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo,
            int n) {
        float low = F32Losses.NEARLY_NOTHING;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            FloatVector s = FloatVector.fromArray(S, t, to + (i & tm));
            FloatVector rest = broadcast(S, 1f).sub(v);
            FloatVector z = v.sub(s).div(v.mul(rest));
            z = z.blend(s.neg().div(v), rest.compare(VectorOperators.LE, low));
            z = z.blend(broadcast(S, 1f).sub(s).div(rest), v.compare(VectorOperators.LE, low));
            z.mul(f).intoArray(y, yo + i);
        }
        return i;
    }

    static int squared(float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = FloatVector.fromArray(S, x, xo + i)
                    .sub(FloatVector.fromArray(S, t, to + (i & tm)));
            e.mul(e).intoArray(y, yo + i);
        }
        return i;
    }

    /// `y = f · (x − t)`.
    static int difference(float f, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, x, xo + i).sub(FloatVector.fromArray(S, t, to + (i & tm))).mul(f)
                    .intoArray(y, yo + i);
        }
        return i;
    }

    static int absolute(float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, x, xo + i).sub(FloatVector.fromArray(S, t, to + (i & tm))).abs()
                    .intoArray(y, yo + i);
        }
        return i;
    }

    static int absoluteGradient(float f, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo,
            int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = FloatVector.fromArray(S, x, xo + i)
                    .sub(FloatVector.fromArray(S, t, to + (i & tm)));
            e.blend(f, e.compare(VectorOperators.GT, 0f)).blend(-f, e.lt(0f)).intoArray(y, yo + i);
        }
        return i;
    }

    static int smooth(float p, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = FloatVector.fromArray(S, x, xo + i)
                    .sub(FloatVector.fromArray(S, t, to + (i & tm)));
            FloatVector c = e.blend(p, e.compare(VectorOperators.GT, p)).blend(-p, e.lt(-p));
            c.mul(e.sub(c.mul(0.5f))).div(p).intoArray(y, yo + i);
        }
        return i;
    }

    static int smoothGradient(float p, float f, float[] x, int xo, float[] t, int to, int tm, float[] y,
            int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = FloatVector.fromArray(S, x, xo + i)
                    .sub(FloatVector.fromArray(S, t, to + (i & tm)));
            FloatVector c = e.blend(p, e.compare(VectorOperators.GT, p)).blend(-p, e.lt(-p));
            c.mul(f).intoArray(y, yo + i);
        }
        return i;
    }

    static int hinge(float[] x, int xo, float[] t, int to, int tm, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector z = FloatVector.fromArray(S, t, to + (i & tm)).neg()
                    .fma(FloatVector.fromArray(S, x, xo + i), broadcast(S, 1f));
            z.blend(0f, z.lt(0f)).intoArray(y, yo + i);
        }
        return i;
    }

    static int hingeGradient(float f, float[] x, int xo, float[] t, int to, int tm, float[] y, int yo,
            int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector minus = FloatVector.fromArray(S, t, to + (i & tm)).neg();
            FloatVector z = minus.fma(FloatVector.fromArray(S, x, xo + i), broadcast(S, 1f));
            FloatVector.zero(S).blend(minus.mul(f), z.compare(VectorOperators.GT, 0f)).intoArray(y, yo + i);
        }
        return i;
    }

    /// `y ← y · dy`.
    static int times(float[] dy, int go, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, y, yo + i).mul(FloatVector.fromArray(S, dy, go + i))
                    .intoArray(y, yo + i);
        }
        return i;
    }
}
