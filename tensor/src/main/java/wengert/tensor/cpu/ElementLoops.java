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
/// norm: `len` adjacent floats from the offset of each [Run]. Otherwise as [ChannelLoops], whose CENTER, SCALE
/// and SLOPE are used: `x̂ = (x − CENTER) · SCALE`, `z = gamma · x̂ + beta`; `e = gamma · d`.
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
        for (; i < len; i++) {
            float hat = (x.get(i) - k[CENTER]) * k[SCALE];
            y.set(i, activate(Math.fma(hat, gamma.get(i), beta.get(i)), k[SLOPE]));
        }
    }

    /// Adds Σe and Σe·x̂; adds d·x̂ to dgamma and d to dbeta, or puts it there if they are `fresh`.
    static void sums(Run x, Run gamma, Run beta, Run dy, Run dgamma, Run dbeta, boolean fresh, int len,
            float[] k, double[] sums) {
        int whole = whole(len);
        for (int i = 0; i < whole; i += CHUNK) {
            VectorElementLoops.sums(x.array(), x.offset() + i, gamma.array(), gamma.offset() + i, beta.array(),
                    beta.offset() + i, dy.array(), dy.offset() + i, dgamma.array(), dgamma.offset() + i,
                    dbeta.array(), dbeta.offset() + i, fresh, Math.min(CHUNK, whole - i), k, sums);
        }
        for (int i = whole; i < len; i++) {
            float hat = (x.get(i) - k[CENTER]) * k[SCALE];
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), k[SLOPE]);
            float e = gamma.get(i) * d;
            sums[0] += e;
            sums[1] += (double) e * hat;
            dgamma.set(i, Math.fma(d, hat, fresh ? 0f : dgamma.get(i)));
            dbeta.set(i, d + (fresh ? 0f : dbeta.get(i)));
        }
    }

    /// dx = e·K0 + x̂·K1 + K2, K0 … being the loop's own constants.
    static void backward(Run x, Run gamma, Run beta, Run dy, Run dx, int len, float[] k) {
        int i = whole(len);
        if (i > 0) {
            VectorElementLoops.backward(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(),
                    beta.offset(), dy.array(), dy.offset(), dx.array(), dx.offset(), i, k);
        }
        for (; i < len; i++) {
            float hat = (x.get(i) - k[CENTER]) * k[SCALE];
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), k[SLOPE]);
            dx.set(i, Math.fma(gamma.get(i) * d, k[OWN], Math.fma(hat, k[OWN + 1], k[OWN + 2])));
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
        for (int i = whole; i < len; i++) {
            float hat = (x.get(i) - k[CENTER]) * k[SCALE];
            float d = rectify(Math.fma(hat, gamma.get(i), beta.get(i)), dy.get(i), k[SLOPE]);
            float e = gamma.get(i) * d;
            float f = b.get(i) * d;
            float c = a.get(i);
            sums[0] += e;
            sums[1] += (double) e * hat;
            sums[2] += c;
            sums[3] += (double) c * hat;
            sums[4] += (double) c * e;
            sums[5] += f;
            sums[6] += (double) f * hat;
        }
    }

    /// t = a·SCALE + x̂·K0 + K1; ddy = φ(gamma·t + b·x̂ + c); dx = b·d·SCALE + a·K2 + e·K3 + x̂·K4 + K5; adds d·t
    /// to dgamma, or puts it there if that is `fresh`. K0 … are the loop's own constants.
    static void second(Run x, Run gamma, Run beta, Run dy, Run a, Run b, Run c, Run dx, Run ddy, Run dgamma,
            boolean fresh, int len, float[] k) {
        int i = whole(len);
        if (i > 0) {
            VectorElementLoops.second(x.array(), x.offset(), gamma.array(), gamma.offset(), beta.array(),
                    beta.offset(), dy.array(), dy.offset(), a.array(), a.offset(), b.array(), b.offset(),
                    c.array(), c.offset(), dx.array(), dx.offset(), ddy.array(), ddy.offset(), dgamma.array(),
                    dgamma.offset(), fresh, i, k);
        }
        for (; i < len; i++) {
            float hat = (x.get(i) - k[CENTER]) * k[SCALE];
            float z = Math.fma(hat, gamma.get(i), beta.get(i));
            float d = rectify(z, dy.get(i), k[SLOPE]);
            float t = Math.fma(a.get(i), k[SCALE], Math.fma(hat, k[OWN], k[OWN + 1]));
            ddy.set(i, rectify(z, Math.fma(gamma.get(i), t, Math.fma(b.get(i), hat, c.get(i))), k[SLOPE]));
            dx.set(i, Math.fma(b.get(i) * d, k[SCALE], Math.fma(a.get(i), k[OWN + 2],
                    Math.fma(gamma.get(i) * d, k[OWN + 3], Math.fma(hat, k[OWN + 4], k[OWN + 5])))));
            dgamma.set(i, Math.fma(d, t, fresh ? 0f : dgamma.get(i)));
        }
    }
}
