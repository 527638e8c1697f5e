package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

// N batch, C channels, S sets of values that share a mean and a variance.
/// Batch, group, layer and instance normalisation with what usually follows:
/// `y = φ(gamma · (x − mean) / √(var + eps) + beta)`, φ a leaky rectifier, mean and biased variance of x's
/// own sets. Shapes: x [N, C, *], gamma and beta `[C]` → y [N, C, *], mean and var `[S]`. Floats. Gradients
/// flow through y only. Gradient: [NormaliseGradient], an operator with a rule of its own; keeps x, gamma,
/// beta, mean and var, but not y: the side of the rectifier is computed from x again.
///
/// @param form what the statistics are over, eps, and the rectifier's slope
record Normalise(NormForm form) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        NormShapes.perChannel(form, in[0], "gamma", in[1]);
        NormShapes.perChannel(form, in[0], "beta", in[2]);
        Spec statistic = Spec.of(Shape.of(form.sets(in[0].shape())), in[0].dtype());
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype()), statistic, statistic};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(NormKernels.class).normalise(form, in[0], in[1], in[2], out[0], out[1], out[2]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return needs[0] || needs[1] || form.slope() != 1;
    }

    @Override
    public boolean savesOutput(int j) {
        return j > 0;
    }

    @Override
    public boolean differentiable(int j) {
        return j == 0;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T dy = dys.get(0);
        if (!s.needs(0) && !s.needs(1) && form.slope() == 1) {
            return Arrays.asList(null, null, dy.sum(NormShapes.allButChannel(s.shape(0))));
        }
        List<T> all = dy.applyAll(new NormaliseGradient(form),
                List.of(s.input(0), s.input(1), s.input(2), dy, s.output(1), s.output(2)));
        return Arrays.asList(s.needs(0) ? all.get(0) : null, s.needs(1) ? all.get(1) : null,
                s.needs(2) ? all.get(2) : null);
    }
}
