package wengert.tensor.cpu;

import static wengert.tensor.cpu.ChannelLoops.CENTER;
import static wengert.tensor.cpu.ChannelLoops.CHUNK;
import static wengert.tensor.cpu.ChannelLoops.OWN;
import static wengert.tensor.cpu.ChannelLoops.SCALE;
import static wengert.tensor.cpu.ChannelLoops.SLOPE;
import static wengert.tensor.cpu.ChannelLoops.activate;
import static wengert.tensor.cpu.ChannelLoops.rectify;
import static wengert.tensor.cpu.ChannelLoops.whole;

import wengert.tensor.cpu.Norms.Run;

/// Inner loops of normalisation where every number of a set has a gamma and a beta of its own, as in layer
/// norm: `len` adjacent floats from the offset of each [Run]. Otherwise as [ChannelLoops], whose CENTER,
/// SCALE and SLOPE are used: `x̂ = (x − CENTER) · SCALE`, `z = gamma · x̂ + beta`; `e = gamma · d`.
final class ElementLoops {
    private ElementLoops() {
    }

    /// y = φ(z).
    static void forward(Run x, Run gamma, Run beta, Run y, int len, float[] k) {
        int i = whole(len);
        if (i > 0) {
            VectorElementLoops.forward(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(),
                    beta.offset(), y.array(), y.offset(), i, k);
        }
        float center = k[CENTER];
        float scale = k[SCALE];
        float slope = k[SLOPE];
        for (; i < len; i++) {
            float hat = (x.get(i) - center) * scale;
            y.set(i, activate(Math.fma(hat, gamma.get(i), beta.get(i)), slope));
        }
    }

    /// Adds Σe and Σe·x̂; adds d·x̂ to dgamma and d to dbeta, or puts it there if they are `fresh`.
    static void sums(Run x, Run gamma, Run beta, Run dy, Run dgamma, Run dbeta, boolean fresh, int len,
            float[] k, double[] sums) {
        int whole = whole(len);
        for (int i = 0; i < whole; i += CHUNK) {
            VectorElementLoops.sums(x.array(), x.offset() + i, gamma.array(), gamma.offset() + i,
                    beta.array(), beta.offset() + i, dy.array(), dy.offset() + i, dgamma.array(),
                    dgamma.offset() + i, dbeta.array(), dbeta.offset() + i, fresh, Math.min(CHUNK, whole - i),
                    k, sums);
        }
        float center = k[CENTER];
        float scale = k[SCALE];
        float slope = k[SLOPE];
        double s = 0;
        double p = 0;
        for (int i = whole; i < len; i++) {
            float hat = (x.get(i) - center) * scale;
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), slope);
            float e = gamma.get(i) * d;
            s += e;
            p += (double) e * hat;
            dgamma.set(i, Math.fma(d, hat, fresh ? 0f : dgamma.get(i)));
            dbeta.set(i, d + (fresh ? 0f : dbeta.get(i)));
        }
        sums[0] += s;
        sums[1] += p;
    }

    /// dx = e·K0 + x̂·K1 + K2, K0 … being the loop's own constants.
    static void backward(Run x, Run gamma, Run beta, Run dy, Run dx, int len, float[] k) {
        int i = whole(len);
        if (i > 0) {
            VectorElementLoops.backward(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(),
                    beta.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), i, k);
        }
        float center = k[CENTER];
        float scale = k[SCALE];
        float slope = k[SLOPE];
        float k0 = k[OWN];
        float k1 = k[OWN + 1];
        float k2 = k[OWN + 2];
        for (; i < len; i++) {
            float hat = (x.get(i) - center) * scale;
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), slope);
            dx.set(i, Math.fma(gamma.get(i) * d, k0, Math.fma(hat, k1, k2)));
        }
    }

    /// Adds Σe, Σe·x̂, Σa, Σa·x̂, Σa·e, Σb·d, Σb·d·x̂.
    static void secondSums(Run x, Run gamma, Run beta, Run dy, Run a, Run b, int len, float[] k,
            double[] sums) {
        int whole = whole(len);
        for (int i = 0; i < whole; i += CHUNK) {
            VectorElementLoops.secondSums(x.array(), x.offset() + i, gamma.array(), gamma.offset() + i,
                    beta.array(), beta.offset() + i, dy.array(), dy.offset() + i, a.array(), a.offset() + i,
                    b.array(), b.offset() + i, Math.min(CHUNK, whole - i), k, sums);
        }
        float center = k[CENTER];
        float scale = k[SCALE];
        float slope = k[SLOPE];
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        for (int i = whole; i < len; i++) {
            float hat = (x.get(i) - center) * scale;
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), slope);
            float e = gamma.get(i) * d;
            float f = b.get(i) * d;
            float c = a.get(i);
            s0 += e;
            s1 += (double) e * hat;
            s2 += c;
            s3 += (double) c * hat;
            s4 += (double) c * e;
            s5 += f;
            s6 += (double) f * hat;
        }
        sums[0] += s0;
        sums[1] += s1;
        sums[2] += s2;
        sums[3] += s3;
        sums[4] += s4;
        sums[5] += s5;
        sums[6] += s6;
    }

    /// t = a·SCALE + x̂·K0 + K1; ddy = φ(gamma·t + b·x̂ + c); dx = b·d·SCALE + a·K2 + e·K3 + x̂·K4 + K5; adds
    /// d·t to dgamma, or puts it there if that is `fresh`. K0 … are the loop's own constants.
    static void second(Run x, Run gamma, Run beta, Run dy, Run a, Run b, Run c, Run dx, Run ddy, Run dgamma,
            boolean fresh, int len, float[] k) {
        int i = whole(len);
        if (i > 0) {
            VectorElementLoops.second(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(),
                    beta.offset(), dy.array(), dy.offset(), a.array(), a.offset(), b.array(), b.offset(),
                    c.array(), c.offset(), dx.array(), dx.offset(), ddy.array(), ddy.offset(), dgamma.array(),
                    dgamma.offset(), fresh, i, k);
        }
        float center = k[CENTER];
        float scale = k[SCALE];
        float slope = k[SLOPE];
        float k0 = k[OWN];
        float k1 = k[OWN + 1];
        float k2 = k[OWN + 2];
        float k3 = k[OWN + 3];
        float k4 = k[OWN + 4];
        float k5 = k[OWN + 5];
        for (; i < len; i++) {
            float hat = (x.get(i) - center) * scale;
            float z = Math.fma(hat, gamma.get(i), beta.get(i));
            float d = rectify(z, dy.get(i), slope);
            float t = Math.fma(a.get(i), scale, Math.fma(hat, k0, k1));
            ddy.set(i, rectify(z, Math.fma(gamma.get(i), t, Math.fma(b.get(i), hat, c.get(i))), slope));
            dx.set(i, Math.fma(b.get(i) * d, scale, Math.fma(a.get(i), k2,
                    Math.fma(gamma.get(i) * d, k3, Math.fma(hat, k4, k5)))));
            dgamma.set(i, Math.fma(d, t, fresh ? 0f : dgamma.get(i)));
        }
    }
}
