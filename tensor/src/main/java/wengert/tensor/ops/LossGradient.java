package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Gradient of [Loss] with respect to its values: `g = dy · share · l'(x, t)`, inputs x, t and dy. Shapes: x,
/// t [*], dy a scalar or [*] → g [*].
/// Gradient: with upstream u, `d(dy)` is the same function of u, and with `v = u · dy · share`,
/// `dx = v · l''`: 2v for squares, v/p between the kinks of the smooth loss, v · σ(x) · σ(−x) for cross
/// entropy, structurally zero for the others. `dt = −dx` for losses of `x − t`, −v for cross entropy, and −v
/// on the sloping side of the hinge. Keeps x, t, and dy if the gradient of either is wanted.
///
/// @param form which loss, and what became of its numbers
record LossGradient(LossForm form) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype())};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(LossKernels.class).lossGradient(form, in[0], in[1], in[2].expand(in[0].shape()), out[0]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 2 || needs[0] || needs[1];
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T u = dys.get(0);
        T x = s.input(0);
        T t = s.input(1);
        T dx = null;
        T dt = null;
        if ((s.needs(0) || s.needs(1)) && form.kind() != LossForm.Kind.ABSOLUTE) {
            T v = u.mul(s.input(2));
            if (form.fold() == LossForm.Fold.MEAN) {
                v = v.mul(form.share(x.shape().elements()));
            }
            switch (form.kind()) {
                case SQUARED -> {
                    dx = v.mul(2);
                    dt = dx.neg();
                }
                case SMOOTH -> {
                    dx = x.sub(t).apply(new ClampGrad(-form.p(), form.p()), v).div(form.p());
                    dt = dx.neg();
                }
                case BCE -> {
                    dx = s.needs(0) ? x.apply(new SigmoidGrad(), v) : null;
                    dt = v.neg();
                }
                case PROBABILITY -> {
                    T a = Composites.flooredGrad(x);
                    T b = Composites.flooredGrad(Composites.not(x));
                    dx = v.mul(t.mul(a.square()).add(Composites.not(t).mul(b.square())));
                    dt = v.mul(a.add(b)).neg();
                }
                case HINGE -> dt = t.mul(x).neg().add(1).apply(new LeakyReluGrad(0), v).neg();
                default -> throw new IllegalStateException(form.toString());
            }
        }
        return Arrays.asList(s.needs(0) ? dx : null, s.needs(1) ? dt : null,
                s.needs(2) ? x.apply(this, t, u) : null);
    }
}
