package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [F32Math] on whole vectors, operation by operation. The `lanewise` transcendentals of the JDK are faster
/// still in places, but give other bits before than after compilation. A function has at most about 45 vector
/// operations: with more, the compiler stops inlining, and vectors that are handed to a method that is not
/// inlined are boxed.
final class VectorMath {
    private static final VectorSpecies<Float> S = Species.F;

    private VectorMath() {
    }

    private static FloatVector of(float v) {
        return FloatVector.broadcast(S, v);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector v = x.min(F32Math.EXP_MAX).max(F32Math.EXP_MIN);
        FloatVector z = v.fma(of(F32Math.LOG2_E), of(F32Math.ROUNDER));
        FloatVector n = z.sub(F32Math.ROUNDER);
        FloatVector r = n.fma(of(-F32Math.LN2_LO), n.fma(of(-F32Math.LN2_HI), v));
        FloatVector q = r.fma(of(F32Math.E4), of(F32Math.E3));
        q = r.fma(q, of(F32Math.E2));
        q = r.fma(q, of(F32Math.E1));
        q = r.fma(q, of(F32Math.E0));
        FloatVector p = r.mul(r).fma(q, r).add(1f);
        IntVector e = z.reinterpretAsInts().sub(Float.floatToRawIntBits(F32Math.ROUNDER));
        IntVector half = e.lanewise(VectorOperators.ASHR, 1);
        return p.mul(power(half)).mul(power(e.sub(half)));
    }

    private static FloatVector power(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector log(FloatVector x) {
        VectorMask<Float> tiny = x.lt(Float.MIN_NORMAL);
        FloatVector v = x.blend(x.mul(0x1p24f), tiny);
        IntVector bits = v.reinterpretAsInts().sub(F32Math.SQRT_HALF);
        FloatVector e = exponent(bits).sub(FloatVector.zero(S).blend(24f, tiny));
        FloatVector y = logPolynomial(mantissa(bits), e);
        y = of(Float.NaN).blend(y, x.compare(VectorOperators.GT, 0f));
        y = y.blend(Float.NEGATIVE_INFINITY, x.eq(0f));
        return y.blend(Float.POSITIVE_INFINITY, x.eq(Float.POSITIVE_INFINITY));
    }

    private static FloatVector exponent(IntVector bits) {
        return (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
    }

    private static FloatVector mantissa(IntVector bits) {
        return bits.and(0x007fffff).add(F32Math.SQRT_HALF).reinterpretAsFloats().sub(1f);
    }

    private static FloatVector logPolynomial(FloatVector m, FloatVector e) {
        FloatVector q = m.fma(of(F32Math.L8), of(F32Math.L7));
        q = m.fma(q, of(F32Math.L6));
        q = m.fma(q, of(F32Math.L5));
        q = m.fma(q, of(F32Math.L4));
        q = m.fma(q, of(F32Math.L3));
        q = m.fma(q, of(F32Math.L2));
        q = m.fma(q, of(F32Math.L1));
        q = m.fma(q, of(F32Math.L0));
        FloatVector s = m.mul(m);
        FloatVector y = e.fma(of(F32Math.LN2_LO), m.mul(s).mul(q));
        y = s.fma(of(-0.5f), y).add(m);
        return e.fma(of(F32Math.LN2_HI), y);
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector s = x.mul(x);
        FloatVector q = s.fma(of(F32Math.T4), of(F32Math.T3));
        q = s.fma(q, of(F32Math.T2));
        q = s.fma(q, of(F32Math.T1));
        q = s.fma(q, of(F32Math.T0));
        FloatVector small = s.mul(x).fma(q, x);
        FloatVector large = of(1f).sub(of(2f).div(exp(a.add(a)).add(1f)));
        IntVector sign = x.reinterpretAsInts().and(0x80000000);
        large = large.reinterpretAsInts().and(0x7fffffff).or(sign).reinterpretAsFloats();
        return large.blend(small, a.lt(F32Math.TANH_SMALL));
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        return of(1f).blend(e, x.lt(0f)).div(e.add(1f));
    }

    static FloatVector softplus(FloatVector x) {
        FloatVector u = exp(x.abs().neg());
        FloatVector s = u.div(u.add(2f));
        FloatVector z = s.mul(s);
        FloatVector q = z.fma(of(F32Math.A3), of(F32Math.A2));
        q = z.fma(q, of(F32Math.A1));
        q = z.fma(q, of(F32Math.A0));
        FloatVector t = s.add(s);
        return x.max(0f).add(t.fma(z.mul(q), t));
    }

    static FloatVector tanhGrad(FloatVector x, FloatVector dy) {
        FloatVector a = x.abs();
        FloatVector e = exp(a.add(a).neg());
        FloatVector d = e.add(1f);
        return dy.mul(e.mul(4f).div(d.mul(d)));
    }

    static FloatVector sigmoidGrad(FloatVector x, FloatVector dy) {
        FloatVector e = exp(x.abs().neg());
        FloatVector d = e.add(1f);
        return dy.mul(e.div(d.mul(d)));
    }
}
