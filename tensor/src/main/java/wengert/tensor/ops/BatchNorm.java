package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Batch normalisation with the statistics of the batch: `y = gamma · (x − mean) / √(var + eps) + beta`, mean
/// and biased variance over all axes but the second. Shapes: x [N, C, *], gamma and beta `[C]` → y [N, C, *],
/// mean and var `[C]`. Floats. Gradients flow through y only; mean and var are given out for running
/// averages. Gradient: [BatchNormGradient], an operator with a rule of its own; keeps x, gamma, mean and var.
///
/// @param eps added to the variance
record BatchNorm(double eps) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        Shape channel = NormShapes.perChannel("batchNorm", in[0], "gamma", in[1]);
        NormShapes.perChannel("batchNorm", in[0], "beta", in[2]);
        Spec statistic = Spec.of(channel, in[0].dtype());
        return new Spec[] {Spec.of(in[0].shape(), in[0].dtype()), statistic, statistic};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(NormKernels.class).batchNorm(in[0], in[1], in[2], eps, out[0], out[1], out[2]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 2 && (needs[0] || needs[1]);
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
        if (!s.needs(0) && !s.needs(1)) {
            return Arrays.asList(null, null, dy.sum(NormShapes.allButChannel(s.shape(0))));
        }
        List<T> all = dy.applyAll(new BatchNormGradient(eps),
                List.of(s.input(0), s.input(1), dy, s.output(1), s.output(2)));
        return Arrays.asList(s.needs(0) ? all.get(0) : null, s.needs(1) ? all.get(1) : null,
                s.needs(2) ? all.get(2) : null);
    }
}
