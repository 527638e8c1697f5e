package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Vector API sums. With four points, factors of x are made column by column, reading numbers twice, as 16 of
/// them and their sums are more than 16 registers hold.
final class VectorF32Winograd extends F32Winograd {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int L = Species.LANES;

    @Override
    int lanes() {
        return L;
    }

    @Override
    void input(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        if (points == 3) {
            input3(from, start, rows, fromStep, to, at, step, toStep, count);
        } else {
            for (int j = 0; j < 4; j++) {
                input4(j, from, start, rows, fromStep, to, at + j * step, 4 * step, toStep, count);
            }
        }
    }

    @Override
    void weights(int taps, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        if (taps == 2) {
            two3(from, start, rows, fromStep, to, at, step, toStep, count);
        } else {
            three4(from, start, rows, fromStep, to, at, step, toStep, count);
        }
    }

    @Override
    void output(int points, float[] from, int start, int[] rows, int fromStep, float[] to, int at,
            int rowStep, int step, int toStep, int count) {
        if (points == 3) {
            output3(from, start, rows, fromStep, to, at, rowStep, step, toStep, count);
        } else {
            output4(from, start, rows, fromStep, to, at, rowStep, step, toStep, count);
        }
    }

    @Override
    void gradient(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        if (points == 3) {
            two3(from, start, rows, fromStep, to, at, step, toStep, count);
        } else {
            two4(from, start, rows, fromStep, to, at, step, toStep, count);
        }
    }

    @Override
    void taps(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        if (points == 3) {
            output3(from, start, rows, fromStep, to, at, 2 * step, step, toStep, count);
        } else {
            taps4(from, start, rows, fromStep, to, at, step, toStep, count);
        }
    }

    private static void input3(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        int r4 = start + rows[4];
        int r5 = start + rows[5];
        int r6 = start + rows[6];
        int r7 = start + rows[7];
        int r8 = start + rows[8];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector x00 = FloatVector.fromArray(S, from, r0 + i);
            FloatVector a1 = FloatVector.fromArray(S, from, r1 + i);
            FloatVector a0 = x00.sub(a1);
            FloatVector a2 = a1.sub(FloatVector.fromArray(S, from, r2 + i));
            FloatVector x10 = FloatVector.fromArray(S, from, r3 + i);
            FloatVector b1 = FloatVector.fromArray(S, from, r4 + i);
            FloatVector b0 = x10.sub(b1);
            FloatVector b2 = b1.sub(FloatVector.fromArray(S, from, r5 + i));
            FloatVector x20 = FloatVector.fromArray(S, from, r6 + i);
            FloatVector c1 = FloatVector.fromArray(S, from, r7 + i);
            FloatVector c0 = x20.sub(c1);
            FloatVector c2 = c1.sub(FloatVector.fromArray(S, from, r8 + i));
            a0.sub(b0).intoArray(to, t);
            a1.sub(b1).intoArray(to, t + step);
            a2.sub(b2).intoArray(to, t + 2 * step);
            b0.intoArray(to, t + 3 * step);
            b1.intoArray(to, t + 4 * step);
            b2.intoArray(to, t + 5 * step);
            b0.sub(c0).intoArray(to, t + 6 * step);
            b1.sub(c1).intoArray(to, t + 7 * step);
            b2.sub(c2).intoArray(to, t + 8 * step);
        }
    }

    /// One column of the results.
    private static void input4(int column, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        // the two numbers of a row that the column takes, and how: first − second, or first + second
        int p = column == 0 ? 0 : column == 2 ? 2 : 1;
        int q = column < 2 ? 2 : column == 2 ? 1 : 3;
        float sign = column == 1 ? 1 : -1;
        int p0 = start + rows[p];
        int p1 = start + rows[4 + p];
        int p2 = start + rows[8 + p];
        int p3 = start + rows[12 + p];
        int q0 = start + rows[q];
        int q1 = start + rows[4 + q];
        int q2 = start + rows[8 + q];
        int q3 = start + rows[12 + q];
        FloatVector v = FloatVector.broadcast(S, sign);
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector a = FloatVector.fromArray(S, from, q0 + i)
                    .fma(v, FloatVector.fromArray(S, from, p0 + i));
            FloatVector b = FloatVector.fromArray(S, from, q1 + i)
                    .fma(v, FloatVector.fromArray(S, from, p1 + i));
            FloatVector c = FloatVector.fromArray(S, from, q2 + i)
                    .fma(v, FloatVector.fromArray(S, from, p2 + i));
            FloatVector d = FloatVector.fromArray(S, from, q3 + i)
                    .fma(v, FloatVector.fromArray(S, from, p3 + i));
            a.sub(c).intoArray(to, t);
            b.add(c).intoArray(to, t + step);
            c.sub(b).intoArray(to, t + 2 * step);
            b.sub(d).intoArray(to, t + 3 * step);
        }
    }

    private static void two3(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector a = FloatVector.fromArray(S, from, r0 + i);
            FloatVector b = FloatVector.fromArray(S, from, r1 + i);
            FloatVector c = FloatVector.fromArray(S, from, r2 + i);
            FloatVector d = FloatVector.fromArray(S, from, r3 + i);
            FloatVector e = a.add(b);
            FloatVector f = c.add(d);
            a.intoArray(to, t);
            e.intoArray(to, t + step);
            b.intoArray(to, t + 2 * step);
            a.add(c).intoArray(to, t + 3 * step);
            e.add(f).intoArray(to, t + 4 * step);
            b.add(d).intoArray(to, t + 5 * step);
            c.intoArray(to, t + 6 * step);
            f.intoArray(to, t + 7 * step);
            d.intoArray(to, t + 8 * step);
        }
    }

    private static void two4(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector a = FloatVector.fromArray(S, from, r0 + i);
            FloatVector b = FloatVector.fromArray(S, from, r1 + i);
            FloatVector c = FloatVector.fromArray(S, from, r2 + i);
            FloatVector d = FloatVector.fromArray(S, from, r3 + i);
            FloatVector ab = a.add(b).mul(0.5f);
            FloatVector ba = a.sub(b).mul(0.5f);
            FloatVector cd = c.add(d).mul(0.5f);
            FloatVector dc = c.sub(d).mul(0.5f);
            a.intoArray(to, t);
            a.add(c).mul(0.5f).intoArray(to, t + 4 * step);
            a.sub(c).mul(0.5f).intoArray(to, t + 8 * step);
            c.intoArray(to, t + 12 * step);
            ab.intoArray(to, t + step);
            ab.add(cd).mul(0.5f).intoArray(to, t + 5 * step);
            ab.sub(cd).mul(0.5f).intoArray(to, t + 9 * step);
            cd.intoArray(to, t + 13 * step);
            ba.intoArray(to, t + 2 * step);
            ba.add(dc).mul(0.5f).intoArray(to, t + 6 * step);
            ba.sub(dc).mul(0.5f).intoArray(to, t + 10 * step);
            dc.intoArray(to, t + 14 * step);
            b.intoArray(to, t + 3 * step);
            b.add(d).mul(0.5f).intoArray(to, t + 7 * step);
            b.sub(d).mul(0.5f).intoArray(to, t + 11 * step);
            d.intoArray(to, t + 15 * step);
        }
    }

    private static void three4(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        int r4 = start + rows[4];
        int r5 = start + rows[5];
        int r6 = start + rows[6];
        int r7 = start + rows[7];
        int r8 = start + rows[8];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector a0 = FloatVector.fromArray(S, from, r0 + i);
            FloatVector a2 = FloatVector.fromArray(S, from, r2 + i);
            FloatVector b0 = FloatVector.fromArray(S, from, r3 + i);
            FloatVector b2 = FloatVector.fromArray(S, from, r5 + i);
            FloatVector c0 = FloatVector.fromArray(S, from, r6 + i);
            FloatVector c2 = FloatVector.fromArray(S, from, r8 + i);
            FloatVector s0 = a0.add(c0).mul(0.5f);
            FloatVector h0 = b0.mul(0.5f);
            a0.intoArray(to, t);
            s0.add(h0).intoArray(to, t + 4 * step);
            s0.sub(h0).intoArray(to, t + 8 * step);
            c0.intoArray(to, t + 12 * step);
            FloatVector s3 = a2.add(c2).mul(0.5f);
            FloatVector h3 = b2.mul(0.5f);
            a2.intoArray(to, t + 3 * step);
            s3.add(h3).intoArray(to, t + 7 * step);
            s3.sub(h3).intoArray(to, t + 11 * step);
            c2.intoArray(to, t + 15 * step);
            FloatVector as = a0.add(a2).mul(0.5f);
            FloatVector ah = FloatVector.fromArray(S, from, r1 + i).mul(0.5f);
            FloatVector bs = b0.add(b2).mul(0.5f);
            FloatVector bh = FloatVector.fromArray(S, from, r4 + i).mul(0.5f);
            FloatVector cs = c0.add(c2).mul(0.5f);
            FloatVector ch = FloatVector.fromArray(S, from, r7 + i).mul(0.5f);
            FloatVector a1 = as.add(ah);
            FloatVector b1 = bs.add(bh);
            FloatVector c1 = cs.add(ch);
            FloatVector s1 = a1.add(c1).mul(0.5f);
            FloatVector h1 = b1.mul(0.5f);
            a1.intoArray(to, t + step);
            s1.add(h1).intoArray(to, t + 5 * step);
            s1.sub(h1).intoArray(to, t + 9 * step);
            c1.intoArray(to, t + 13 * step);
            FloatVector am = as.sub(ah);
            FloatVector bm = bs.sub(bh);
            FloatVector cm = cs.sub(ch);
            FloatVector s2 = am.add(cm).mul(0.5f);
            FloatVector h2 = bm.mul(0.5f);
            am.intoArray(to, t + 2 * step);
            s2.add(h2).intoArray(to, t + 6 * step);
            s2.sub(h2).intoArray(to, t + 10 * step);
            cm.intoArray(to, t + 14 * step);
        }
    }

    private static void output3(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int rowStep, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        int r4 = start + rows[4];
        int r5 = start + rows[5];
        int r6 = start + rows[6];
        int r7 = start + rows[7];
        int r8 = start + rows[8];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector m0 = FloatVector.fromArray(S, from, r3 + i);
            FloatVector a0 = FloatVector.fromArray(S, from, r0 + i).add(m0);
            FloatVector b0 = m0.sub(FloatVector.fromArray(S, from, r6 + i));
            FloatVector m1 = FloatVector.fromArray(S, from, r4 + i);
            FloatVector a1 = FloatVector.fromArray(S, from, r1 + i).add(m1);
            FloatVector b1 = m1.sub(FloatVector.fromArray(S, from, r7 + i));
            FloatVector m2 = FloatVector.fromArray(S, from, r5 + i);
            FloatVector a2 = FloatVector.fromArray(S, from, r2 + i).add(m2);
            FloatVector b2 = m2.sub(FloatVector.fromArray(S, from, r8 + i));
            a0.add(a1).intoArray(to, t);
            a1.sub(a2).intoArray(to, t + step);
            b0.add(b1).intoArray(to, t + rowStep);
            b1.sub(b2).intoArray(to, t + rowStep + step);
        }
    }

    private static void output4(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int rowStep, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        int r4 = start + rows[4];
        int r5 = start + rows[5];
        int r6 = start + rows[6];
        int r7 = start + rows[7];
        int r8 = start + rows[8];
        int r9 = start + rows[9];
        int r10 = start + rows[10];
        int r11 = start + rows[11];
        int r12 = start + rows[12];
        int r13 = start + rows[13];
        int r14 = start + rows[14];
        int r15 = start + rows[15];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector m0 = FloatVector.fromArray(S, from, r4 + i);
            FloatVector n0 = FloatVector.fromArray(S, from, r8 + i);
            FloatVector s0 = m0.add(n0);
            FloatVector d0 = m0.sub(n0);
            FloatVector a0 = FloatVector.fromArray(S, from, r0 + i).add(s0);
            FloatVector b0 = d0.sub(FloatVector.fromArray(S, from, r12 + i));
            FloatVector m1 = FloatVector.fromArray(S, from, r5 + i);
            FloatVector n1 = FloatVector.fromArray(S, from, r9 + i);
            FloatVector s1 = m1.add(n1);
            FloatVector d1 = m1.sub(n1);
            FloatVector a1 = FloatVector.fromArray(S, from, r1 + i).add(s1);
            FloatVector b1 = d1.sub(FloatVector.fromArray(S, from, r13 + i));
            FloatVector m2 = FloatVector.fromArray(S, from, r6 + i);
            FloatVector n2 = FloatVector.fromArray(S, from, r10 + i);
            FloatVector s2 = m2.add(n2);
            FloatVector d2 = m2.sub(n2);
            FloatVector a2 = FloatVector.fromArray(S, from, r2 + i).add(s2);
            FloatVector b2 = d2.sub(FloatVector.fromArray(S, from, r14 + i));
            FloatVector m3 = FloatVector.fromArray(S, from, r7 + i);
            FloatVector n3 = FloatVector.fromArray(S, from, r11 + i);
            FloatVector s3 = m3.add(n3);
            FloatVector d3 = m3.sub(n3);
            FloatVector a3 = FloatVector.fromArray(S, from, r3 + i).add(s3);
            FloatVector b3 = d3.sub(FloatVector.fromArray(S, from, r15 + i));
            FloatVector as = a1.add(a2);
            FloatVector ad = a1.sub(a2);
            a0.add(as).intoArray(to, t);
            ad.sub(a3).intoArray(to, t + step);
            FloatVector bs = b1.add(b2);
            FloatVector bd = b1.sub(b2);
            b0.add(bs).intoArray(to, t + rowStep);
            bd.sub(b3).intoArray(to, t + rowStep + step);
        }
    }

    private static void taps4(float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        int r0 = start + rows[0];
        int r1 = start + rows[1];
        int r2 = start + rows[2];
        int r3 = start + rows[3];
        int r4 = start + rows[4];
        int r5 = start + rows[5];
        int r6 = start + rows[6];
        int r7 = start + rows[7];
        int r8 = start + rows[8];
        int r9 = start + rows[9];
        int r10 = start + rows[10];
        int r11 = start + rows[11];
        int r12 = start + rows[12];
        int r13 = start + rows[13];
        int r14 = start + rows[14];
        int r15 = start + rows[15];
        for (int j = 0, i = 0, t = at; j < count; j++, i += fromStep, t += toStep) {
            FloatVector m0 = FloatVector.fromArray(S, from, r4 + i);
            FloatVector n0 = FloatVector.fromArray(S, from, r8 + i);
            FloatVector s0 = m0.add(n0);
            FloatVector d0 = m0.sub(n0);
            FloatVector a0 = FloatVector.fromArray(S, from, r0 + i).add(s0);
            FloatVector c0 = s0.sub(FloatVector.fromArray(S, from, r12 + i));
            FloatVector m1 = FloatVector.fromArray(S, from, r5 + i);
            FloatVector n1 = FloatVector.fromArray(S, from, r9 + i);
            FloatVector s1 = m1.add(n1);
            FloatVector d1 = m1.sub(n1);
            FloatVector a1 = FloatVector.fromArray(S, from, r1 + i).add(s1);
            FloatVector c1 = s1.sub(FloatVector.fromArray(S, from, r13 + i));
            FloatVector m2 = FloatVector.fromArray(S, from, r6 + i);
            FloatVector n2 = FloatVector.fromArray(S, from, r10 + i);
            FloatVector s2 = m2.add(n2);
            FloatVector d2 = m2.sub(n2);
            FloatVector a2 = FloatVector.fromArray(S, from, r2 + i).add(s2);
            FloatVector c2 = s2.sub(FloatVector.fromArray(S, from, r14 + i));
            FloatVector m3 = FloatVector.fromArray(S, from, r7 + i);
            FloatVector n3 = FloatVector.fromArray(S, from, r11 + i);
            FloatVector s3 = m3.add(n3);
            FloatVector d3 = m3.sub(n3);
            FloatVector a3 = FloatVector.fromArray(S, from, r3 + i).add(s3);
            FloatVector c3 = s3.sub(FloatVector.fromArray(S, from, r15 + i));
            FloatVector as = a1.add(a2);
            FloatVector ad = a1.sub(a2);
            a0.add(as).intoArray(to, t);
            ad.intoArray(to, t + step);
            as.sub(a3).intoArray(to, t + 2 * step);
            FloatVector ds = d1.add(d2);
            FloatVector dd = d1.sub(d2);
            d0.add(ds).intoArray(to, t + 3 * step);
            dd.intoArray(to, t + 4 * step);
            ds.sub(d3).intoArray(to, t + 5 * step);
            FloatVector cs = c1.add(c2);
            FloatVector cd = c1.sub(c2);
            c0.add(cs).intoArray(to, t + 6 * step);
            cd.intoArray(to, t + 7 * step);
            cs.sub(c3).intoArray(to, t + 8 * step);
        }
    }
}
