package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.CENTER;
import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;
import static wengert.tensor.cpu.ChannelLoops.SLOPE;
import static wengert.tensor.cpu.VectorChannelLoops.activate;
import static wengert.tensor.cpu.VectorChannelLoops.all;
import static wengert.tensor.cpu.VectorChannelLoops.fold;
import static wengert.tensor.cpu.VectorChannelLoops.keep;
import static wengert.tensor.cpu.VectorChannelLoops.rectify;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// [ElementLoops] on vectors of eight floats. `len` is a multiple of eight; an array is followed by where it
/// begins. Not the loops of [VectorChannelLoops] with other operands: those go without x̂ and without loads
/// of gamma and beta, up to two thirds of the loads here.
final class VectorElementLoops {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    private static final int L = 8;

    private VectorElementLoops() {
    }

    private static FloatVector at(float[] array, int i) {
        return FloatVector.fromArray(F, array, i);
    }

    static void forward(float[] x, int xo, float[] gamma, int ga, float[] beta, int be, float[] y, int yo,
            int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector scale = all(k[SCALE]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        for (int i = 0; i < len; i += L) {
            FloatVector hat = at(x, xo + i).sub(center).mul(scale);
            activate(hat.fma(at(gamma, ga + i), at(beta, be + i)), slope, keep).intoArray(y, yo + i);
        }
    }

    static void sums(float[] x, int xo, float[] gamma, int ga, float[] beta, int be, float[] dy, int go,
            float[] dgamma, int dg, float[] dbeta, int db, boolean fresh, int len, float[] k, double[] sums) {
        FloatVector center = all(k[CENTER]);
        FloatVector scale = all(k[SCALE]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector s = all(0);
        FloatVector p = all(0);
        if (fresh) {
            for (int i = 0; i < len; i += L) {
                all(0).intoArray(dgamma, dg + i);
                all(0).intoArray(dbeta, db + i);
            }
        }
        for (int i = 0; i < len; i += L) {
            FloatVector hat = at(x, xo + i).sub(center).mul(scale);
            FloatVector g = at(gamma, ga + i);
            FloatVector d = rectify(hat.fma(g, at(beta, be + i)), at(dy, go + i), slope, keep);
            FloatVector e = g.mul(d);
            s = s.add(e);
            p = e.fma(hat, p);
            d.fma(hat, at(dgamma, dg + i)).intoArray(dgamma, dg + i);
            d.add(at(dbeta, db + i)).intoArray(dbeta, db + i);
        }
        sums[0] += fold(s);
        sums[1] += fold(p);
    }

    static void backward(float[] x, int xo, float[] gamma, int ga, float[] beta, int be, float[] dy, int go,
            float[] dx, int to, int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector scale = all(k[SCALE]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector k0 = all(k[OWN]);
        FloatVector k1 = all(k[OWN + 1]);
        FloatVector k2 = all(k[OWN + 2]);
        for (int i = 0; i < len; i += L) {
            FloatVector hat = at(x, xo + i).sub(center).mul(scale);
            FloatVector g = at(gamma, ga + i);
            FloatVector d = rectify(hat.fma(g, at(beta, be + i)), at(dy, go + i), slope, keep);
            g.mul(d).fma(k0, hat.fma(k1, k2)).intoArray(dx, to + i);
        }
    }

    static void secondSums(float[] x, int xo, float[] gamma, int ga, float[] beta, int be, float[] dy, int go,
            float[] a, int ao, float[] b, int bo, int len, float[] k, double[] sums) {
        FloatVector center = all(k[CENTER]);
        FloatVector scale = all(k[SCALE]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector s = all(0);
        FloatVector p = all(0);
        FloatVector t = all(0);
        FloatVector u = all(0);
        FloatVector v = all(0);
        FloatVector w = all(0);
        FloatVector q = all(0);
        for (int i = 0; i < len; i += L) {
            FloatVector hat = at(x, xo + i).sub(center).mul(scale);
            FloatVector g = at(gamma, ga + i);
            FloatVector d = rectify(hat.fma(g, at(beta, be + i)), at(dy, go + i), slope, keep);
            FloatVector e = g.mul(d);
            FloatVector f = at(b, bo + i).mul(d);
            FloatVector c = at(a, ao + i);
            s = s.add(e);
            p = e.fma(hat, p);
            t = t.add(c);
            u = c.fma(hat, u);
            v = c.fma(e, v);
            w = w.add(f);
            q = f.fma(hat, q);
        }
        sums[0] += fold(s);
        sums[1] += fold(p);
        sums[2] += fold(t);
        sums[3] += fold(u);
        sums[4] += fold(v);
        sums[5] += fold(w);
        sums[6] += fold(q);
    }

    static void second(float[] x, int xo, float[] gamma, int ga, float[] beta, int be, float[] dy, int go,
            float[] a, int ao, float[] b, int bo, float[] c, int co, float[] dx, int to, float[] ddy, int dyo,
            float[] dgamma, int dg, boolean fresh, int len, float[] k) {
        FloatVector center = all(k[CENTER]);
        FloatVector scale = all(k[SCALE]);
        FloatVector slope = all(k[SLOPE]);
        IntVector keep = keep(k[SLOPE]);
        FloatVector k0 = all(k[OWN]);
        FloatVector k1 = all(k[OWN + 1]);
        FloatVector k2 = all(k[OWN + 2]);
        FloatVector k3 = all(k[OWN + 3]);
        FloatVector k4 = all(k[OWN + 4]);
        FloatVector k5 = all(k[OWN + 5]);
        if (fresh) {
            for (int i = 0; i < len; i += L) {
                all(0).intoArray(dgamma, dg + i);
            }
        }
        for (int i = 0; i < len; i += L) {
            FloatVector hat = at(x, xo + i).sub(center).mul(scale);
            FloatVector g = at(gamma, ga + i);
            FloatVector z = hat.fma(g, at(beta, be + i));
            FloatVector d = rectify(z, at(dy, go + i), slope, keep);
            FloatVector va = at(a, ao + i);
            FloatVector vb = at(b, bo + i);
            FloatVector t = va.fma(scale, hat.fma(k0, k1));
            rectify(z, g.fma(t, vb.fma(hat, at(c, co + i))), slope, keep).intoArray(ddy, dyo + i);
            vb.mul(d).fma(scale, va.fma(k2, g.mul(d).fma(k3, hat.fma(k4, k5)))).intoArray(dx, to + i);
            d.fma(t, at(dgamma, dg + i)).intoArray(dgamma, dg + i);
        }
    }
}
