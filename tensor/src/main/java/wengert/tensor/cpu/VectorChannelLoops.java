package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.BETA;
import static wengert.tensor.cpu.ChannelLoops.CENTER;
import static wengert.tensor.cpu.ChannelLoops.STEEP;
import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SLOPE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [ChannelLoops] on vectors of eight floats: wider ones would win nothing where memory is the limit, and
/// lose the small pictures. `len` is a multiple of eight. Every loop begins with its constants as local
/// vectors: so they stay in registers, where an object that holds vectors would be taken apart only if the
/// compiler sees through it.
final class VectorChannelLoops {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    /// Numbers in a vector.
    static final int L = 8;

    private VectorChannelLoops() {
    }

    /// All bits set, or none for slope 0: what is on the left of ReLU is selected away, not multiplied.
    static IntVector keep(float slope) {
        return IntVector.broadcast(IntVector.SPECIES_256, slope == 0f ? 0 : -1);
    }

    private static FloatVector left(FloatVector v, FloatVector slope, IntVector keep) {
        return v.mul(slope).reinterpretAsInts().and(keep).reinterpretAsFloats();
    }

    /// z ≤ 0 ? slope · z : z.
    static FloatVector activate(FloatVector z, FloatVector slope, IntVector keep) {
        return z.blend(left(z, slope, keep), z.compare(VectorOperators.LE, 0f));
    }

    /// z > 0 ? v : slope · v.
    static FloatVector rectify(FloatVector z, FloatVector v, FloatVector slope, IntVector keep) {
        return left(v, slope, keep).blend(v, z.compare(VectorOperators.GT, 0f));
    }

    static FloatVector all(float number) {
        return FloatVector.broadcast(F, number);
    }

    /// The sum of a vector's lanes, in double, always in this order.
    static double fold(FloatVector v) {
        return ((v.lane(0) + (double) v.lane(4)) + (v.lane(2) + (double) v.lane(6)))
                + ((v.lane(1) + (double) v.lane(5)) + (v.lane(3) + (double) v.lane(7)));
    }

    static void moments(float[] x, int xo, int runs, int step, int len, float shift, double[] sums) {
        FloatVector sh = all(shift);
        FloatVector s0 = all(0);
        FloatVector s1 = all(0);
        FloatVector q0 = all(0);
        FloatVector q1 = all(0);
        int pairs = len & -2 * L;
        for (int r = 0; r < runs; r++) {
            int at = xo + r * step;
            for (int i = 0; i < pairs; i += 2 * L) {
                FloatVector d0 = FloatVector.fromArray(F, x, at + i).sub(sh);
                FloatVector d1 = FloatVector.fromArray(F, x, at + i + L).sub(sh);
                s0 = s0.add(d0);
                s1 = s1.add(d1);
                q0 = d0.fma(d0, q0);
                q1 = d1.fma(d1, q1);
            }
            if (pairs < len) {
                FloatVector d0 = FloatVector.fromArray(F, x, at + pairs).sub(sh);
                s0 = s0.add(d0);
                q0 = d0.fma(d0, q0);
            }
        }
        sums[0] += fold(s0) + fold(s1);
        sums[1] += fold(q0) + fold(q1);
    }

    static void forward(float[] x, int xo, float[] y, int yo, int runs, int step, int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector steep = all(k[STEEP]);
        FloatVector beta = all(k[BETA]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        for (int r = 0; r < runs; r++) {
            int from = xo + r * step;
            int to = yo + r * step;
            for (int i = 0; i < len; i += L) {
                FloatVector u = FloatVector.fromArray(F, x, from + i).sub(center);
                activate(u.fma(steep, beta), slope, keep).intoArray(y, to + i);
            }
        }
    }

    static void sums(float[] x, int xo, float[] dy, int go, int runs, int step, int len, float[] k,
            double[] sums) {
        FloatVector center = all(k[CENTER]);
        FloatVector steep = all(k[STEEP]);
        FloatVector beta = all(k[BETA]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector s0 = all(0);
        FloatVector s1 = all(0);
        FloatVector p0 = all(0);
        FloatVector p1 = all(0);
        int pairs = len & -2 * L;
        for (int r = 0; r < runs; r++) {
            int from = xo + r * step;
            int back = go + r * step;
            for (int i = 0; i < pairs; i += 2 * L) {
                FloatVector u0 = FloatVector.fromArray(F, x, from + i).sub(center);
                FloatVector u1 = FloatVector.fromArray(F, x, from + i + L).sub(center);
                FloatVector d0 = rectify(u0.fma(steep, beta), FloatVector.fromArray(F, dy, back + i), slope,
                        keep);
                FloatVector d1 = rectify(u1.fma(steep, beta), FloatVector.fromArray(F, dy, back + i + L),
                        slope, keep);
                s0 = s0.add(d0);
                s1 = s1.add(d1);
                p0 = d0.fma(u0, p0);
                p1 = d1.fma(u1, p1);
            }
            if (pairs < len) {
                FloatVector u = FloatVector.fromArray(F, x, from + pairs).sub(center);
                FloatVector d = rectify(u.fma(steep, beta), FloatVector.fromArray(F, dy, back + pairs), slope,
                        keep);
                s0 = s0.add(d);
                p0 = d.fma(u, p0);
            }
        }
        sums[0] += fold(s0) + fold(s1);
        sums[1] += fold(p0) + fold(p1);
    }

    static void backward(float[] x, int xo, float[] dy, int go, float[] dx, int to, int runs, int step,
            int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector steep = all(k[STEEP]);
        FloatVector beta = all(k[BETA]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector k0 = all(k[OWN]);
        FloatVector k1 = all(k[OWN + 1]);
        FloatVector k2 = all(k[OWN + 2]);
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at; i < at + len; i += L) {
                FloatVector u = FloatVector.fromArray(F, x, xo + i).sub(center);
                FloatVector d = rectify(u.fma(steep, beta), FloatVector.fromArray(F, dy, go + i), slope,
                        keep);
                d.fma(k0, u.fma(k1, k2)).intoArray(dx, to + i);
            }
        }
    }

    static void secondSums(float[] x, int xo, float[] dy, int go, float[] a, int ao, int runs, int step,
            int len, float[] k, double[] sums) {
        FloatVector center = all(k[CENTER]);
        FloatVector steep = all(k[STEEP]);
        FloatVector beta = all(k[BETA]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector s = all(0);
        FloatVector p = all(0);
        FloatVector t = all(0);
        FloatVector w = all(0);
        FloatVector v = all(0);
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at; i < at + len; i += L) {
                FloatVector u = FloatVector.fromArray(F, x, xo + i).sub(center);
                FloatVector d = rectify(u.fma(steep, beta), FloatVector.fromArray(F, dy, go + i), slope,
                        keep);
                FloatVector c = FloatVector.fromArray(F, a, ao + i);
                s = s.add(d);
                p = d.fma(u, p);
                t = t.add(c);
                w = c.fma(u, w);
                v = c.fma(d, v);
            }
        }
        sums[0] += fold(s);
        sums[1] += fold(p);
        sums[2] += fold(t);
        sums[3] += fold(w);
        sums[4] += fold(v);
    }

    static void second(float[] x, int xo, float[] dy, int go, float[] a, int ao, float[] dx, int to,
            float[] ddy, int dyo, int runs, int step, int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector steep = all(k[STEEP]);
        FloatVector beta = all(k[BETA]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector k0 = all(k[OWN]);
        FloatVector k1 = all(k[OWN + 1]);
        FloatVector k2 = all(k[OWN + 2]);
        FloatVector k3 = all(k[OWN + 3]);
        FloatVector k4 = all(k[OWN + 4]);
        FloatVector k5 = all(k[OWN + 5]);
        FloatVector k6 = all(k[OWN + 6]);
        for (int r = 0; r < runs; r++) {
            int at = r * step;
            for (int i = at; i < at + len; i += L) {
                FloatVector u = FloatVector.fromArray(F, x, xo + i).sub(center);
                FloatVector z = u.fma(steep, beta);
                FloatVector d = rectify(z, FloatVector.fromArray(F, dy, go + i), slope, keep);
                FloatVector c = FloatVector.fromArray(F, a, ao + i);
                c.fma(k0, d.fma(k1, u.fma(k2, k3))).intoArray(dx, to + i);
                rectify(z, c.fma(k4, u.fma(k5, k6)), slope, keep).intoArray(ddy, dyo + i);
            }
        }
    }
}
