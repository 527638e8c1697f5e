package wengert.tensor.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [F32Softmax] and [F32SoftmaxColumns] on whole vectors, operation by operation. Each returns
/// how many numbers it has done; the caller finishes the tail with the scalar form, bit for bit the same.
/// Spelled out for the reason given in [VectorMath].
final class VectorSoftmax {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int LANES = Species.LANES;

    private VectorSoftmax() {
    }

    /// The largest of a line of at least four vectors, −∞ if all are NaN. NaNs are never chosen.
    static float peak(float[] x, int at, int n) {
        FloatVector a = broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int last = n - 4 * LANES;
        for (int i = 0;; i += 4 * LANES) {
            int k = at + Math.min(i, last); // the last four vectors may overlap those before
            FloatVector v = FloatVector.fromArray(S, x, k);
            a = a.blend(v, v.compare(VectorOperators.GT, a));
            v = FloatVector.fromArray(S, x, k + LANES);
            b = b.blend(v, v.compare(VectorOperators.GT, b));
            v = FloatVector.fromArray(S, x, k + 2 * LANES);
            c = c.blend(v, v.compare(VectorOperators.GT, c));
            v = FloatVector.fromArray(S, x, k + 3 * LANES);
            d = d.blend(v, v.compare(VectorOperators.GT, d));
            if (i >= last) {
                break;
            }
        }
        a = a.blend(b, b.compare(VectorOperators.GT, a));
        c = c.blend(d, d.compare(VectorOperators.GT, c));
        a = a.blend(c, c.compare(VectorOperators.GT, a));
        float best = a.lane(0);
        for (int i = 1; i < LANES; i++) {
            best = a.lane(i) > best ? a.lane(i) : best;
        }
        return best;
    }

    /// `y = e^(x − top)`, see [F32Softmax#exp].
    static int exp(float[] x, int xo, float top, float[] y, int yo, int n) {
        FloatVector t = broadcast(S, top);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, xo + i);
            FloatVector d = x0.sub(t);
            FloatVector back = d.sub(x0);
            FloatVector lost = x0.sub(d.sub(back)).sub(t.add(back));
            VectorMask<Float> low = d.lt(F32Math.EXP_MIN);
            lost = lost.blend(0f, low);
            FloatVector v = d.blend(F32Math.EXP_MIN, low);
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector m = z.sub(F32Math.ROUNDER);
            FloatVector hi = m.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = m.fma(broadcast(S, -F32Math.LN2_LO), lost);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            p.mul(power.reinterpretAsFloats()).mul(0x1p-64f).intoArray(y, yo + i);
        }
        return i;
    }

    /// The same with a top for each number.
    static int exp(float[] x, int xo, float[] top, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, xo + i);
            FloatVector t = FloatVector.fromArray(S, top, i);
            FloatVector d = x0.sub(t);
            FloatVector back = d.sub(x0);
            FloatVector lost = x0.sub(d.sub(back)).sub(t.add(back));
            VectorMask<Float> low = d.lt(F32Math.EXP_MIN);
            lost = lost.blend(0f, low);
            FloatVector v = d.blend(F32Math.EXP_MIN, low);
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector m = z.sub(F32Math.ROUNDER);
            FloatVector hi = m.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = m.fma(broadcast(S, -F32Math.LN2_LO), lost);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            p.mul(power.reinterpretAsFloats()).mul(0x1p-64f).intoArray(y, yo + i);
        }
        return i;
    }

    /// `y = (x − top) − log`.
    static int logs(float[] x, int xo, float top, float log, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, x, xo + i).sub(top).sub(log).intoArray(y, yo + i);
        }
        return i;
    }

    /// `dx = y · (dy − sum)`.
    static int gradient(float[] y, int yo, float[] dy, int go, float sum, float[] dx, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector g = FloatVector.fromArray(S, dy, go + i).sub(sum);
            FloatVector.fromArray(S, y, yo + i).mul(g).intoArray(dx, to + i);
        }
        return i;
    }

    /// `dx ← dy − dx · sum`.
    static int logGradient(float[] dy, int go, float sum, float[] dx, int to, int n) {
        FloatVector minus = broadcast(S, -sum);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, dx, to + i).fma(minus, FloatVector.fromArray(S, dy, go + i))
                    .intoArray(dx, to + i);
        }
        return i;
    }

    /// `top = max(top, x)` of one row of columns; NaNs are never chosen.
    static int peak(float[] x, int xo, float[] top, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector t = FloatVector.fromArray(S, top, i);
            FloatVector v = FloatVector.fromArray(S, x, xo + i);
            t.blend(v, v.compare(VectorOperators.GT, t)).intoArray(top, i);
        }
        return i;
    }

    /// `y ← y · (high + low)`, each number by its own.
    static int scale(float[] y, int yo, float[] high, float[] low, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, y, yo + i);
            v.fma(FloatVector.fromArray(S, high, i), v.mul(FloatVector.fromArray(S, low, i)))
                    .intoArray(y, yo + i);
        }
        return i;
    }

    /// `y = (x − top) − log`, each number with its own.
    static int logs(float[] x, int xo, float[] top, float[] log, float[] y, int yo, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(S, x, xo + i).sub(FloatVector.fromArray(S, top, i))
                    .sub(FloatVector.fromArray(S, log, i)).intoArray(y, yo + i);
        }
        return i;
    }

    /// `dx = y · (dy − sum)`, each number with its own.
    static int gradient(float[] y, int yo, float[] dy, int go, float[] sum, float[] dx, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector g = FloatVector.fromArray(S, dy, go + i).sub(FloatVector.fromArray(S, sum, i));
            FloatVector.fromArray(S, y, yo + i).mul(g).intoArray(dx, to + i);
        }
        return i;
    }

    /// `dx ← dy − dx · sum`, each number with its own.
    static int logGradient(float[] dy, int go, float[] sum, float[] dx, int to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector minus = FloatVector.fromArray(S, sum, i).neg();
            FloatVector.fromArray(S, dx, to + i).fma(minus, FloatVector.fromArray(S, dy, go + i))
                    .intoArray(dx, to + i);
        }
        return i;
    }
}
