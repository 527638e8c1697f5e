package wengert.tensor.cpu;

import static wengert.tensor.cpu.F32Math.BIAS;
import static wengert.tensor.cpu.F32Math.LN2_HI;
import static wengert.tensor.cpu.F32Math.LN2_LO;
import static wengert.tensor.cpu.F32Math.LOG2_E;
import static wengert.tensor.cpu.F32Math.ROUNDER;

import java.lang.foreign.MemorySegment;

/// The functions of [F32Math] in loops that the compiler makes vector code of, for a JVM without the Vector
/// API: the same operations in the same order, so the same bits. It makes vectors of fused multiply-adds,
/// minima and integers, but neither of a choice nor of a float's bits taken as an int. So choices are minima
/// or masks, and between a loop on floats and one on ints a block's bits are copied from an array of the one
/// kind to one of the other, in the first-level cache. All arrays of a loop share one index, without which
/// the compiler must assume that they overlap; hence the copies of x and y.
final class PlainMath {
    private static final int BLOCK = 1024;
    /// Fewer elements are not worth the copies.
    private static final int FEWEST = 32;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);
    private static final int ONE = Float.floatToRawIntBits(1f);
    private static final int SIGN = 0x80000000;
    private static final int MIN_NORMAL = 0x00800000;
    private static final int INFINITY = 0x7f800000;
    private static final ThreadLocal<PlainMath> MINE = ThreadLocal.withInitial(PlainMath::new);

    private final float[] x = new float[BLOCK];
    private final float[] y = new float[BLOCK];
    private final float[] z = new float[BLOCK];
    private final float[] p = new float[BLOCK];
    private final int[] xBits = new int[BLOCK];
    private final int[] bits = new int[BLOCK];
    private final int[] more = new int[BLOCK];
    private final MemorySegment ofX = MemorySegment.ofArray(x);
    private final MemorySegment ofY = MemorySegment.ofArray(y);
    private final MemorySegment ofZ = MemorySegment.ofArray(z);
    private final MemorySegment ofP = MemorySegment.ofArray(p);
    private final MemorySegment ofXBits = MemorySegment.ofArray(xBits);
    private final MemorySegment ofBits = MemorySegment.ofArray(bits);
    private final MemorySegment ofMore = MemorySegment.ofArray(more);

    private PlainMath() {
    }

    /// The functions that are here.
    enum Function {
        EXP, LOG, TANH, SIGMOID, SOFTPLUS
    }

    /// `y[i] = f(x[i])` for `from ≤ i < to`.
    ///
    /// @return the first element it has not done: `from` if there are too few, otherwise `to`
    static int run(Function f, float[] x, float[] y, int from, int to) {
        if (to - from < FEWEST) {
            return from;
        }
        PlainMath mine = MINE.get();
        for (int i = from; i < to; i += BLOCK) {
            int n = Math.min(BLOCK, to - i);
            System.arraycopy(x, i, mine.x, 0, n);
            switch (f) {
                case EXP -> mine.exp(n);
                case LOG -> mine.log(n);
                case TANH -> mine.tanh(n);
                case SIGMOID -> mine.sigmoid(n);
                case SOFTPLUS -> mine.softplus(n);
            }
            System.arraycopy(mine.y, 0, y, i, n);
        }
        return to;
    }

    /// `y[i] = dy[i] · tanh′(x[i])`, or with the sigmoid's; returns as [#run].
    static int gradient(Function f, float[] x, float[] dy, float[] y, int from, int to) {
        if (to - from < FEWEST) {
            return from;
        }
        PlainMath mine = MINE.get();
        for (int i = from; i < to; i += BLOCK) {
            int n = Math.min(BLOCK, to - i);
            System.arraycopy(x, i, mine.x, 0, n);
            if (f == Function.TANH) {
                twice(mine.x, n);
            }
            mine.expOfMinus(n);
            System.arraycopy(dy, i, mine.y, 0, n);
            gradient(f == Function.TANH ? 4f : 1f, mine.z, mine.y, n);
            System.arraycopy(mine.y, 0, y, i, n);
        }
        return to;
    }

    private static void copy(MemorySegment from, MemorySegment to, int n) {
        MemorySegment.copy(from, 0, to, 0, 4L * n);
    }

    private void exp(int n) {
        parts(x, p, z, n);
        copy(ofZ, ofBits, n);
        powers(bits, more, n);
        copy(ofBits, ofZ, n);
        copy(ofMore, ofY, n);
        product(p, z, y, n);
    }

    /// p = e^r and z = n + ROUNDER.
    private static void parts(float[] x, float[] p, float[] z, int n) {
        for (int j = 0; j < n; j++) {
            float v = Math.max(Math.min(x[j], F32Math.EXP_MAX), F32Math.EXP_MIN);
            float w = Math.fma(v, LOG2_E, ROUNDER);
            z[j] = w;
            float k = w - ROUNDER;
            float hi = Math.fma(k, -LN2_HI, v);
            float lo = k * -LN2_LO;
            float r = hi + lo;
            float s = r * r;
            float q = Math.fma(s, F32Math.E4, Math.fma(r, F32Math.E3, F32Math.E2));
            q = Math.fma(s, q, Math.fma(r, F32Math.E1, F32Math.E0));
            p[j] = hi + Math.fma(s, q, lo) + 1f;
        }
    }

    /// Two factors whose product is 2^n.
    private static void powers(int[] bits, int[] more, int n) {
        for (int j = 0; j < n; j++) {
            int e = bits[j] - ROUNDER_BITS;
            int half = e >> 1;
            bits[j] = half + 127 << 23;
            more[j] = e - half + 127 << 23;
        }
    }

    private static void product(float[] p, float[] first, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            y[j] = p[j] * first[j] * y[j];
        }
    }

    /// z = e^−|x|.
    private void expOfMinus(int n) {
        minus(x, y, n);
        parts(y, p, z, n);
        copy(ofZ, ofBits, n);
        power(bits, BIAS + 64, n);
        copy(ofBits, ofZ, n);
        scale(p, z, n);
    }

    private static void minus(float[] x, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            y[j] = -Math.abs(x[j]);
        }
    }

    private static void power(int[] bits, int bias, int n) {
        for (int j = 0; j < n; j++) {
            bits[j] = bits[j] + bias << 23;
        }
    }

    private static void scale(float[] p, float[] z, int n) {
        for (int j = 0; j < n; j++) {
            z[j] = p[j] * z[j] * 0x1p-64f;
        }
    }

    private void sigmoid(int n) {
        expOfMinus(n);
        copy(ofX, ofXBits, n);
        copy(ofZ, ofBits, n);
        top(xBits, bits, n);
        copy(ofBits, ofP, n);
        sigmoid(z, p, y, n);
    }

    /// e where x has a sign, 1 elsewhere; they are the same at −0.
    private static void top(int[] x, int[] e, int n) {
        for (int j = 0; j < n; j++) {
            int negative = x[j] >> 31;
            e[j] = e[j] & negative | ONE & ~negative;
        }
    }

    private static void sigmoid(float[] e, float[] top, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(-e[j], top[j] / (1f + e[j]), top[j]);
        }
    }

    private void softplus(int n) {
        expOfMinus(n);
        softplus(x, z, y, n);
    }

    private static void softplus(float[] x, float[] e, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            float u = e[j];
            float s = u * u;
            float low = Math.fma(s, Math.fma(u, F32Math.P3, F32Math.P2), Math.fma(u, F32Math.P1, F32Math.P0));
            float high = Math.fma(s, F32Math.P8, Math.fma(u, F32Math.P7, F32Math.P6));
            high = Math.fma(s, high, Math.fma(u, F32Math.P5, F32Math.P4));
            y[j] = Math.max(x[j], 0f) + Math.fma(s, Math.fma(s * s, high, low), u);
        }
    }

    private void tanh(int n) {
        tanhParts(x, p, z, n);
        copy(ofZ, ofBits, n);
        power(bits, BIAS, n);
        copy(ofBits, ofZ, n);
        quotient(p, z, y, n);
        copy(ofY, ofBits, n);
        copy(ofX, ofXBits, n);
        sign(xBits, bits, n);
        copy(ofBits, ofY, n);
    }

    private static void tanhParts(float[] x, float[] p, float[] z, int n) {
        for (int j = 0; j < n; j++) {
            float v = Math.max(-Math.abs(x[j]), -F32Math.TANH_MAX);
            float w = Math.fma(v, 2 * LOG2_E, ROUNDER);
            z[j] = w;
            float r = Math.fma(w - ROUNDER, -F32Math.LN2_HALF, v);
            float s = r * r;
            float q = Math.fma(s, F32Math.T4, Math.fma(r, F32Math.T3, F32Math.T2));
            q = Math.fma(s, q, Math.fma(r, F32Math.T1, F32Math.T0));
            p[j] = Math.fma(s, q, r + r);
        }
    }

    private static void quotient(float[] p, float[] z, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            y[j] = Math.fma(z[j], p[j], z[j] - 1f) / Math.fma(z[j], p[j], z[j] + 1f);
        }
    }

    private static void sign(int[] x, int[] y, int n) {
        for (int j = 0; j < n; j++) {
            y[j] = y[j] & ~SIGN | x[j] & SIGN;
        }
    }

    /// Blocks with a number that is not positive and normal go one by one.
    private void log(int n) {
        copy(ofX, ofXBits, n);
        if (!normal(xBits, n)) {
            for (int j = 0; j < n; j++) {
                y[j] = F32Math.log(x[j]);
            }
            return;
        }
        logParts(xBits, bits, more, n);
        copy(ofBits, ofZ, n);
        logPolynomial(z, more, y, n);
    }

    private static boolean normal(int[] x, int n) {
        int least = x[0];
        int most = x[0];
        for (int j = 0; j < n; j++) {
            least = Math.min(least, x[j]);
            most = Math.max(most, x[j]);
        }
        return least >= MIN_NORMAL && most < INFINITY;
    }

    private static void logParts(int[] x, int[] m, int[] e, int n) {
        for (int j = 0; j < n; j++) {
            int b = x[j] - F32Math.SQRT_HALF;
            e[j] = b >> 23;
            m[j] = (b & 0x007fffff) + F32Math.SQRT_HALF;
        }
    }

    private static void logPolynomial(float[] z, int[] power, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            float m = z[j] - 1f;
            float e = (float) power[j];
            float s = m * m;
            float q = Math.fma(s, Math.fma(m, F32Math.L8, F32Math.L7), Math.fma(m, F32Math.L6, F32Math.L5));
            q = Math.fma(s, q, Math.fma(m, F32Math.L4, F32Math.L3));
            q = Math.fma(m, Math.fma(s, q, Math.fma(m, F32Math.L2, F32Math.L1)), F32Math.L0);
            float r = Math.fma(e, LN2_LO, m * s * q);
            y[j] = Math.fma(e, LN2_HI, Math.fma(-0.5f, s, r) + m);
        }
    }

    private static void twice(float[] x, int n) {
        for (int j = 0; j < n; j++) {
            x[j] = x[j] + x[j];
        }
    }

    /// y = y · c(q − q²) with q = e/(1 + e).
    private static void gradient(float c, float[] e, float[] y, int n) {
        for (int j = 0; j < n; j++) {
            float q = e[j] / (1f + e[j]);
            y[j] = y[j] * (c * Math.fma(-q, q, q));
        }
    }
}
