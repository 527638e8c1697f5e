package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;

// N batch, C channels, L positions, G groups.
/// What [NormaliseSecondGradient] computes, of operators that can be differentiated again, in the letters of
/// [wengert.tensor.spi.NormKernels#normaliseSecondGradient]. Values of x's size have the form [N, C, 1, L]
/// here, or [N, G, C/G, L] where statistics are by groups; gamma and its like broadcast to it.
final class NormSecondOrder<T extends TensorOps<T>> {
    private final Saved<T> saved;
    private final double slope;
    private final int[] axes;
    private final Shape along;
    private final T a;
    private final T b;
    private final T c;
    private final T d;
    private final T e;
    private final T gamma;
    private final T z;
    private final T s;
    private final T hat;

    NormSecondOrder(Saved<T> saved, NormForm form, List<T> dys) {
        this.saved = saved;
        slope = form.slope();
        axes = NormShapes.inSet(form);
        along = NormShapes.parameters(form, saved.shape(0));
        Shape full = NormShapes.full(form, saved.shape(0));
        a = shaped(dys.get(0), full);
        b = shaped(dys.get(1), along);
        c = shaped(dys.get(2), along);
        T x = saved.input(0).reshape(full);
        gamma = saved.input(1).reshape(along);
        T centred = x.sub(mean(x));
        s = NormShapes.inverseRoot(mean(centred.square()), form.eps());
        hat = centred.mul(s);
        z = slope == 1 ? null : hat.mul(gamma).add(saved.input(2).reshape(along));
        d = rectified(saved.input(3).reshape(full));
        e = d.mul(gamma);
    }

    private static <T extends TensorOps<T>> T shaped(T v, Shape shape) {
        return v == null ? null : v.reshape(shape);
    }

    List<T> gradients() {
        T t = null;
        T p = null;
        if (a != null) {
            p = mean(a.mul(hat));
            t = s.mul(a.sub(mean(a)).sub(hat.mul(p)));
        }
        T dx = saved.needs(0) && (a != null || b != null) ? ofX(p) : null;
        T dgamma = saved.needs(1) && t != null ? d.mul(t).sumTo(along) : null;
        T ddy = saved.needs(3) ? ofDy(t) : null;
        return Arrays.asList(shaped(dx, saved.shape(0)), shaped(dgamma, saved.shape(1)), null,
                shaped(ddy, saved.shape(3)), null, null);
    }

    private T ofX(T p) {
        T g = b == null ? null : d.mul(b);
        T r = null;
        if (a != null) {
            T q = mean(e.mul(hat));
            r = mean(a.mul(e.sub(mean(e)).sub(hat.mul(q))));
            T through = s.mul(a.mul(q).add(e.mul(p)));
            g = g == null ? through.neg() : g.sub(through);
        }
        T dx = s.mul(g.sub(mean(g)).sub(hat.mul(mean(g.mul(hat)))));
        return r == null ? dx : dx.sub(hat.mul(r.mul(s.square())));
    }

    private T ofDy(T t) {
        T sum = t == null ? null : t.mul(gamma);
        if (b != null) {
            sum = sum == null ? hat.mul(b) : sum.add(hat.mul(b));
        }
        if (c != null) {
            sum = sum == null ? c.expand(hat.shape()) : sum.add(c);
        }
        return rectified(sum);
    }

    /// φ, on the side where z is; the side itself has no derivative.
    private T rectified(T v) {
        return z == null ? v : z.apply(new LeakyReluGrad(slope), v);
    }

    private T mean(T v) {
        return v.meanKeep(axes);
    }
}
