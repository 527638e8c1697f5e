package wengert.tensor.cpu;

import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The functions of [F32Math] on whole vectors, operation by operation. Each loop returns the index of the
/// first element it has not done; the caller finishes the tail with the scalar form, bit for bit the same.
///
/// Every loop spells its function out, e^−|x| five times, and calls nothing but the Vector API. Methods of
/// our own would read better, but after some 45 vector operations in one loop the compiler inlines no method
/// any more that is not the JDK's own (NodeCountInliningCutoff), were it a mere broadcast, and a vector
/// handed to a method is boxed: ten times slower. The `lanewise` functions of the JDK are fast in places, but
/// give other bits before than after compilation; its `min` and `max` care for NaN and −0 at the price of
/// five instructions each, where a comparison and a blend do.
final class VectorMath {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int LANES = Species.LANES;
    private static final int SIGN = 0x80000000;

    private VectorMath() {
    }

    static int exp(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector v = x0.blend(F32Math.EXP_MAX, x0.compare(VectorOperators.GT, F32Math.EXP_MAX));
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector n = z.sub(F32Math.ROUNDER);
            FloatVector hi = n.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = n.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector e = z.reinterpretAsInts().sub(Float.floatToRawIntBits(F32Math.ROUNDER));
            IntVector half = e.lanewise(VectorOperators.ASHR, 1);
            IntVector first = half.add(127).lanewise(VectorOperators.LSHL, 23);
            IntVector second = e.sub(half).add(127).lanewise(VectorOperators.LSHL, 23);
            p.mul(first.reinterpretAsFloats()).mul(second.reinterpretAsFloats()).intoArray(y, i);
        }
        return i;
    }

    static int log(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            VectorMask<Float> tiny = x0.lt(Float.MIN_NORMAL);
            IntVector bits = x0.blend(x0.mul(0x1p24f), tiny).reinterpretAsInts().sub(F32Math.SQRT_HALF);
            FloatVector e = (FloatVector) bits.lanewise(VectorOperators.ASHR, 23)
                    .convert(VectorOperators.I2F, 0);
            e = e.blend(e.sub(24f), tiny);
            FloatVector m = bits.and(0x007fffff).add(F32Math.SQRT_HALF).reinterpretAsFloats().sub(1f);
            FloatVector s = m.mul(m);
            FloatVector q = s.fma(m.fma(F32Math.L8, F32Math.L7), m.fma(F32Math.L6, F32Math.L5));
            q = s.fma(q, m.fma(F32Math.L4, F32Math.L3));
            q = s.fma(q, m.fma(F32Math.L2, F32Math.L1));
            q = m.fma(q, broadcast(S, F32Math.L0));
            FloatVector r = e.fma(broadcast(S, F32Math.LN2_LO), m.mul(s).mul(q));
            r = e.fma(broadcast(S, F32Math.LN2_HI), s.fma(broadcast(S, -0.5f), r).add(m));
            r = broadcast(S, Float.NaN).blend(r, x0.compare(VectorOperators.GT, 0f));
            r = r.blend(Float.NEGATIVE_INFINITY, x0.eq(0f));
            r.blend(Float.POSITIVE_INFINITY, x0.eq(Float.POSITIVE_INFINITY)).intoArray(y, i);
        }
        return i;
    }

    static int tanh(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            IntVector bits = FloatVector.fromArray(S, x, i).reinterpretAsInts();
            FloatVector v = bits.or(SIGN).reinterpretAsFloats();
            v = v.blend(-F32Math.TANH_MAX, v.lt(-F32Math.TANH_MAX));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(2 * F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector r = z.sub(F32Math.ROUNDER).fma(broadcast(S, -F32Math.LN2_HALF), v);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.T4), r.fma(F32Math.T3, F32Math.T2));
            q = s.fma(q, r.fma(F32Math.T1, F32Math.T0));
            FloatVector p = s.fma(q, r.add(r));
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS).lanewise(VectorOperators.LSHL, 23);
            FloatVector scale = power.reinterpretAsFloats();
            FloatVector t = scale.fma(p, scale.sub(1f)).div(scale.fma(p, scale.add(1f)));
            t.reinterpretAsInts().and(~SIGN).or(bits.and(SIGN)).reinterpretAsFloats().intoArray(y, i);
        }
        return i;
    }

    static int sigmoid(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector v = x0.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector n = z.sub(F32Math.ROUNDER);
            FloatVector hi = n.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = n.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector e = p.mul(power.reinterpretAsFloats()).mul(0x1p-64f);
            FloatVector top = broadcast(S, 1f).blend(e, x0.lt(0f));
            e.neg().fma(top.div(e.add(1f)), top).intoArray(y, i);
        }
        return i;
    }

    static int softplus(float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector v = x0.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector n = z.sub(F32Math.ROUNDER);
            FloatVector hi = n.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = n.mul(-F32Math.LN2_LO);
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
            FloatVector above = x0.blend(FloatVector.zero(S), x0.lt(0f));
            above.add(s.fma(s.mul(s).fma(high, low), u)).intoArray(y, i);
        }
        return i;
    }

    static int tanhGrad(float[] x, float[] dy, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector v = x0.add(x0).reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector n = z.sub(F32Math.ROUNDER);
            FloatVector hi = n.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = n.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector e = p.mul(power.reinterpretAsFloats()).mul(0x1p-64f);
            q = e.div(e.add(1f));
            q = q.neg().fma(q, q).mul(4f);
            FloatVector.fromArray(S, dy, i).mul(q).intoArray(y, i);
        }
        return i;
    }

    static int sigmoidGrad(float[] x, float[] dy, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(S, x, i);
            FloatVector v = x0.reinterpretAsInts().or(SIGN).reinterpretAsFloats();
            v = v.blend(F32Math.EXP_MIN, v.lt(F32Math.EXP_MIN));
            // F32Math's exponential, spelled out: a method would not be inlined here
            FloatVector z = v.fma(F32Math.LOG2_E, F32Math.ROUNDER);
            FloatVector n = z.sub(F32Math.ROUNDER);
            FloatVector hi = n.fma(broadcast(S, -F32Math.LN2_HI), v);
            FloatVector lo = n.mul(-F32Math.LN2_LO);
            FloatVector r = hi.add(lo);
            FloatVector s = r.mul(r);
            FloatVector q = s.fma(broadcast(S, F32Math.E4), r.fma(F32Math.E3, F32Math.E2));
            q = s.fma(q, r.fma(F32Math.E1, F32Math.E0));
            FloatVector p = hi.add(s.fma(q, lo)).add(1f);
            IntVector power = z.reinterpretAsInts().add(F32Math.BIAS + 64)
                    .lanewise(VectorOperators.LSHL, 23);
            FloatVector e = p.mul(power.reinterpretAsFloats()).mul(0x1p-64f);
            q = e.div(e.add(1f));
            q = q.neg().fma(q, q);
            FloatVector.fromArray(S, dy, i).mul(q).intoArray(y, i);
        }
        return i;
    }
}
