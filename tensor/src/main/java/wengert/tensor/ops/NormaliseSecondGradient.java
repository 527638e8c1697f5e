package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The gradient of [NormaliseGradient], by the equations of [NormKernels#normaliseSecondGradient]. Inputs in
/// this order, with shapes: x [N, C, *], gamma and beta `[C]`, dy [N, C, *], mean and var `[S]`, cotangents a
/// [N, C, *], b and c `[C]` → gradients of x [N, C, *], gamma `[C]`, dy [N, C, *].
///
/// For plain values only, where nothing comes after: values with a history take [NormSecondOrder], which has
/// every order of derivative.
///
/// @param form what the statistics are over, eps, and the rectifier's slope
record NormaliseSecondGradient(NormForm form) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype()), Spec.of(in[1].shape(), in[0].dtype()),
            Spec.of(in[0].shape(), in[0].dtype())};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(NormKernels.class).normaliseSecondGradient(form, in[0], in[1], in[2], in[3], in[4], in[5],
                in[6], in[7], in[8], out[0], out[1], out[2]);
    }

    @Override
    public boolean differentiable(int j) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        throw new GradException(name() + ": has no gradient of its own; on values with a history the rule of "
                + "the normalisation's gradient is made of operators that have");
    }
}
