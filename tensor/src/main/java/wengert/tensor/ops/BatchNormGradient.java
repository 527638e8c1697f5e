package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The gradient of batch normalisation. With `x̂ = (x − mean) · s`, `s = 1/√(var + eps)` and M values per
/// channel: `dbeta = Σ dy`, `dgamma = Σ dy·x̂`, `dx = gamma · s · (dy − D − x̂·Q)`, where `D = mean dy`,
/// `Q = mean(dy·x̂)`. Inputs in this order, with shapes: x [N, C, *], gamma `[C]`, dy [N, C, *], mean and
/// var `[C]` → dx [N, C, *], dgamma and dbeta `[C]`.
///
/// Gradient, with cotangents a of dx, b of dgamma, c of dbeta, and `A = mean a`, `P = mean(a·x̂)`,
/// `R = Σ a·(dy − D − x̂·Q)`:
/// - of dy: `gamma·s·(a − A − x̂·P) + b·x̂ + c`
/// - of gamma: `s·R`
/// - of x: `s·(g − mean g − x̂·mean(g·x̂)) − gamma·R·s²·x̂/M` with `g = gamma·s·(−a·Q − dy·P) + b·dy`
/// - of mean and var: none.
///
/// Mean and variance are functions of x, not constants. The kernel is handed their values, but this rule
/// computes them anew from x, so that what it gives is right when it is differentiated again, at every order;
/// that is why the statistics as inputs get no gradient. Nothing is divided by gamma, which may be 0. Keeps
/// x, gamma, dy.
///
/// @param eps added to the variance
record BatchNormGradient(double eps) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        Shape channel = NormShapes.perChannel(name(), in[0], "gamma", in[1]);
        Spec statistic = Spec.of(channel, in[0].dtype());
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype()), statistic, statistic};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(NormKernels.class).batchNormGradient(in[0], in[1], in[2], in[3], in[4], eps, out[0], out[1],
                out[2]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 3;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        return new SecondOrder<>(s, eps, dys.get(0), perChannel(s, dys.get(1)), perChannel(s, dys.get(2)))
                .gradients();
    }

    /// A `[C]` as [1, C, 1, …].
    private static <T extends TensorOps<T>> T perChannel(Saved<T> s, T v) {
        return v == null ? null : v.reshape(NormShapes.alongChannel(s.shape(0)));
    }

    /// The quantities of the rule, in its letters; `[C]` values have the form [1, C, 1, …] here.
    private static final class SecondOrder<T extends TensorOps<T>> {
        private final Saved<T> saved;
        private final int[] axes;
        private final T a;
        private final T b;
        private final T c;
        private final T dy;
        private final T gamma;
        private final T s;
        private final T hat;

        SecondOrder(Saved<T> saved, double eps, T a, T b, T c) {
            this.saved = saved;
            this.a = a;
            this.b = b;
            this.c = c;
            axes = NormShapes.allButChannel(saved.shape(0));
            T x = saved.input(0);
            gamma = perChannel(saved, saved.input(1));
            dy = saved.input(2);
            T centred = x.sub(x.meanKeep(axes));
            s = NormShapes.inverseRoot(centred.square().meanKeep(axes), eps);
            hat = centred.mul(s);
        }

        List<T> gradients() {
            T q = null;
            T p = null;
            T r = null;
            if (a != null) {
                q = mean(dy.mul(hat));
                p = mean(a.mul(hat));
                r = saved.needs(0) || saved.needs(1)
                        ? mean(a.mul(dy.sub(mean(dy)).sub(hat.mul(q)))) // R / M
                        : null;
            }
            long m = saved.shape(0).elements() / Math.max(1, saved.shape(1).elements());
            T dx = saved.needs(0) && (a != null || b != null) ? ofX(q, p, r) : null;
            T dgamma = saved.needs(1) && a != null
                    ? s.mul(r).mul((double) m).reshape(saved.shape(1)) : null;
            T ddy = saved.needs(2) ? ofDy(p) : null;
            return Arrays.asList(dx, dgamma, ddy, null, null);
        }

        private T ofX(T q, T p, T r) {
            T g = null;
            if (a != null) {
                g = gamma.mul(s).mul(a.mul(q).add(dy.mul(p))).neg();
            }
            if (b != null) {
                T bdy = dy.mul(b);
                g = g == null ? bdy : g.add(bdy);
            }
            T dx = s.mul(g.sub(mean(g)).sub(hat.mul(mean(g.mul(hat)))));
            return r == null ? dx : dx.sub(hat.mul(gamma.mul(r).mul(s.square())));
        }

        private T ofDy(T p) {
            T sum = null;
            if (a != null) {
                sum = gamma.mul(s).mul(a.sub(mean(a)).sub(hat.mul(p)));
            }
            if (b != null) {
                sum = sum == null ? hat.mul(b) : sum.add(hat.mul(b));
            }
            if (c != null) {
                sum = sum == null ? c.expand(saved.shape(2)) : sum.add(c);
            }
            return sum;
        }

        private T mean(T v) {
            return v.meanKeep(axes);
        }
    }
}
