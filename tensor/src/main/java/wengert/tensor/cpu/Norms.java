package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// N batch, C channels, L positions, G groups.
/// Normalisations: brings operands into the order the loops want, and results back.
///
/// Over the batch, a channel is one run of L numbers per image. Runs shorter than a vector are no work for
/// vectors, so such an x is turned into [C, N, L] first: then a channel is one run of N·L.
final class Norms {
    /// Floats in the vectors of [VectorChannelLoops].
    static final int SHORT = 8;

    private final NormForm form;
    private final boolean turned;

    private Norms(NormForm form, View x) {
        this.form = form;
        Layout z = Layout.of(form, x.shape());
        turned = form.overBatch() && z.n() > 1 && z.l() < SHORT && x.dtype() == DType.F32;
    }

    /// An input's numbers in the order of the loops.
    private View in(View x) {
        return Copies.contiguous(turned ? turn(x) : x);
    }

    /// Where the loops write what belongs into `y`.
    private View target(View y) {
        return Copies.target(turned ? turn(y) : y);
    }

    private void done(View written, View y) {
        View there = turned ? turn(y) : y;
        if (written.storage() != there.storage()) {
            Copies.copy(written, there);
        }
    }

    private static View turn(View x) {
        int[] order = new int[x.shape().rank()];
        for (int a = 0; a < order.length; a++) {
            order[a] = a < 2 ? 1 - a : a;
        }
        return x.permute(order);
    }

    private Layout layout(View x) {
        Layout z = Layout.of(form, x.shape());
        return turned ? new Layout(form, 1, z.c(), z.n() * z.l()) : z;
    }

    static void forward(NormForm form, View x, View gamma, View beta, View y, View mean, View var) {
        var k = new Norms(form, x);
        Layout z = k.layout(x);
        View from = k.in(x);
        View to = k.target(y);
        View g = Copies.contiguous(gamma);
        View b = Copies.contiguous(beta);
        View m = Copies.target(mean);
        View v = Copies.target(var);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(b)).forward(Run.of(from), Run.of(to), Run.of(m), Run.of(v));
        } else {
            new F64Norms(z, from, g, b).forward(to, m, v);
        }
        k.done(to, y);
        give(m, mean);
        give(v, var);
    }

    static void gradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var, View dx,
            View dgamma, View dbeta) {
        var k = new Norms(form, x);
        Layout z = k.layout(x);
        View from = k.in(x);
        View back = k.in(dy);
        View to = k.target(dx);
        View g = Copies.contiguous(gamma);
        View b = Copies.contiguous(beta);
        View m = Copies.contiguous(mean);
        View v = Copies.contiguous(var);
        View dg = Copies.target(dgamma);
        View db = Copies.target(dbeta);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(b)).gradient(Run.of(from), Run.of(back), Run.of(m), Run.of(v), Run.of(to),
                    Run.of(dg), Run.of(db));
        } else {
            new F64Norms(z, from, g, b).gradient(back, m, v, to, dg, db);
        }
        k.done(to, dx);
        give(dg, dgamma);
        give(db, dbeta);
    }

    static void secondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View ddx, View ddgamma, View ddbeta, View dx, View dgamma, View ddy) {
        var k = new Norms(form, x);
        Layout z = k.layout(x);
        View from = k.in(x);
        View back = k.in(dy);
        View a = k.in(ddx);
        View to = k.target(dx);
        View toDy = k.target(ddy);
        View g = Copies.contiguous(gamma);
        View beta1 = Copies.contiguous(beta);
        View m = Copies.contiguous(mean);
        View v = Copies.contiguous(var);
        View b = Copies.contiguous(ddgamma);
        View c = Copies.contiguous(ddbeta);
        View dg = Copies.target(dgamma);
        if (x.dtype() == DType.F32) {
            F32Norms.of(z, Run.of(g), Run.of(beta1)).second(Run.of(from), Run.of(back), Run.of(m), Run.of(v), Run.of(a),
                    Run.of(b), Run.of(c), Run.of(to), Run.of(dg), Run.of(toDy));
        } else {
            new F64Norms(z, from, g, beta1).second(back, m, v, a, b, c, to, dg, toDy);
        }
        k.done(to, dx);
        k.done(toDy, ddy);
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
