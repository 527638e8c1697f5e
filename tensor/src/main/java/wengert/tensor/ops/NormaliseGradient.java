package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The gradient of [Normalise], by the equations of [NormKernels#normaliseGradient]. Inputs in this order,
/// with shapes: x [N, C, *], gamma and beta `[C]`, dy [N, C, *], mean and var `[S]` → dx [N, C, *], dgamma
/// and dbeta `[C]`.
///
/// Gradient: by the equations of [NormKernels#normaliseSecondGradient], with one kernel where nothing is
/// recorded, by [NormSecondOrder] where the gradient is itself to be differentiated. Mean and variance are
/// functions of x, not constants: the kernel is handed their values, but the recorded rule computes them anew
/// from x, so that what it gives is right at every order; that is why the statistics as inputs get no
/// gradient. Nothing is divided by gamma, which may be 0. Keeps all inputs.
///
/// @param form what the statistics are over, eps, and the rectifier's slope
record NormaliseGradient(NormForm form) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        Shape channel = NormShapes.perChannel(form, in[0], "gamma", in[1]);
        Spec parameter = Spec.of(channel, in[0].dtype());
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype()), parameter, parameter};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(NormKernels.class).normaliseGradient(form, in[0], in[1], in[2], in[3], in[4], in[5], out[0],
                out[1], out[2]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T x = s.input(0);
        if (x.records()) {
            return new NormSecondOrder<>(s, form, dys).gradients();
        }
        T a = dys.get(0) != null ? dys.get(0) : x.filled(s.shape(0), s.dtype(0), 0);
        T b = dys.get(1) != null ? dys.get(1) : x.filled(s.shape(1), s.dtype(0), 0);
        T c = dys.get(2) != null ? dys.get(2) : x.filled(s.shape(1), s.dtype(0), 0);
        List<T> all = x.applyAll(new NormaliseSecondGradient(form),
                List.of(x, s.input(1), s.input(2), s.input(3), s.input(4), s.input(5), a, b, c));
        return Arrays.asList(s.needs(0) ? all.get(0) : null, s.needs(1) ? all.get(1) : null, null,
                s.needs(3) ? all.get(2) : null, null, null);
    }
}
