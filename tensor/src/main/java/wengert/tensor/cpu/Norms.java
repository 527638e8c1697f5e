package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// N batch, C channels, L positions, G groups.
/// Normalisations: brings operands into the order the loops want, and results back. The loops meet at least
/// one number; what is made of none is done here.
final class Norms {
    private Norms() {
    }

    static void forward(NormForm form, View x, View gamma, View beta, View y, View mean, View var) {
        if (x.shape().elements() == 0) {
            Copies.fill(mean, 0);
            Copies.fill(var, 0);
            return;
        }
        Layout z = Layout.of(form, x.shape());
        View from = Copies.contiguous(x);
        View to = Copies.target(y);
        View g = Copies.contiguous(gamma);
        View b = Copies.contiguous(beta);
        View m = Copies.target(mean);
        View v = Copies.target(var);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(b)).forward(Run.of(from), Run.of(to), Run.of(m), Run.of(v));
        } else {
            new F64Norms(z, from, g, b).forward(to, m, v);
        }
        give(to, y);
        give(m, mean);
        give(v, var);
    }

    static void gradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var, View dx,
            View dgamma, View dbeta) {
        if (x.shape().elements() == 0) {
            Copies.fill(dgamma, 0);
            Copies.fill(dbeta, 0);
            return;
        }
        Layout z = Layout.of(form, x.shape());
        View from = Copies.contiguous(x);
        View back = Copies.contiguous(dy);
        View to = Copies.target(dx);
        View g = Copies.contiguous(gamma);
        View b = Copies.contiguous(beta);
        View m = Copies.contiguous(mean);
        View v = Copies.contiguous(var);
        View dg = Copies.target(dgamma);
        View db = Copies.target(dbeta);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(b)).gradient(Run.of(from), Run.of(back), Run.of(m), Run.of(v),
                    Run.of(to), Run.of(dg), Run.of(db));
        } else {
            new F64Norms(z, from, g, b).gradient(back, m, v, to, dg, db);
        }
        give(to, dx);
        give(dg, dgamma);
        give(db, dbeta);
    }

    static void secondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View ddx, View ddgamma, View ddbeta, View dx, View dgamma, View ddy) {
        if (x.shape().elements() == 0) {
            Copies.fill(dgamma, 0);
            return;
        }
        Layout z = Layout.of(form, x.shape());
        View from = Copies.contiguous(x);
        View back = Copies.contiguous(dy);
        View a = Copies.contiguous(ddx);
        View to = Copies.target(dx);
        View toDy = Copies.target(ddy);
        View g = Copies.contiguous(gamma);
        View beta1 = Copies.contiguous(beta);
        View m = Copies.contiguous(mean);
        View v = Copies.contiguous(var);
        View b = Copies.contiguous(ddgamma);
        View c = Copies.contiguous(ddbeta);
        View dg = Copies.target(dgamma);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(beta1)).second(Run.of(from), Run.of(back), Run.of(m), Run.of(v),
                    Run.of(a), Run.of(b), Run.of(c), Run.of(to), Run.of(dg), Run.of(toDy));
        } else {
            new F64Norms(z, from, g, beta1).second(back, m, v, a, b, c, to, dg, toDy);
        }
        give(to, dx);
        give(toDy, ddy);
        give(dg, dgamma);
    }

    private static void give(View written, View y) {
        if (written.storage() != y.storage()) {
            Copies.copy(written, y);
        }
    }

    /// Contiguous floats.
    record Run(float[] array, int offset) {
        static Run of(View v) {
            return new Run(v.storage().f32(), v.offset());
        }

        float get(int i) {
            return array[offset + i];
        }

        void set(int i, float value) {
            array[offset + i] = value;
        }

        /// The same from the i-th on.
        Run from(int i) {
            return new Run(array, offset + i);
        }
    }

    /// [N, C, L], contiguous, and how it is normalised.
    record Layout(NormForm form, int n, int c, int l) {
        static Layout of(NormForm form, Shape x) {
            int l = 1;
            for (int a = 2; a < x.rank(); a++) {
                l *= x.size(a);
            }
            return new Layout(form, x.size(0), x.size(1), l);
        }

        int sets() {
            return form.overBatch() ? c : n * form.groups();
        }

        /// Channels of a set.
        int channels() {
            return form.overBatch() ? 1 : c / form.groups();
        }

        /// Runs of L numbers in a set.
        int runs() {
            return form.overBatch() ? n : channels();
        }

        /// Distance of a set's runs.
        int step() {
            return form.overBatch() ? c * l : l;
        }

        /// Where set s begins.
        int start(int s) {
            return s * channels() * l;
        }

        /// M.
        int values() {
            return runs() * l;
        }

        /// The first channel of set s.
        int channel(int s) {
            return form.overBatch() ? s : s % form.groups() * channels();
        }

        /// Runs tiles, on several threads if there is enough to do.
        void tiles(int count, Parallel.Tile body) {
            if ((long) n * c * l < 16_384) {
                for (int t = 0; t < count; t++) {
                    body.run(t);
                }
            } else {
                Parallel.run(count, body);
            }
        }
    }
}
