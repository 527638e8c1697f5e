package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Variance over axes, which stay with size 1: `var = Σ (x − mean)² / divisor`; outputs var, and mean,
/// through which no gradient flows. Shapes: x [*] → var, mean. Floats. Gradient: `dx = (x − mean) · 2/divisor
/// · dvar`; keeps x and mean. Where that is to be differentiated again, the mean is what x makes it: `x −
/// mean` less its own mean, which is 0 but not constant.
///
/// @param divisor degrees of freedom
/// @param axes    which axes
record Variance(double divisor, int... axes) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        Spec y = Spec.of(in[0].shape().reduced(in[0].shape().mark(axes), true), in[0].dtype());
        return new Spec[] {y, y};
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(MomentKernels.class).variance(in[0], divisor, out[1], out[0]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public boolean savesOutput(int j) {
        return j == 1;
    }

    @Override
    public boolean differentiable(int j) {
        return j == 0;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T centred = s.input(0).sub(s.output(1));
        if (centred.records()) {
            centred = centred.sub(centred.meanKeep(axes));
        }
        return List.of(centred.mul(dys.get(0).mul(2 / divisor)));
    }

    @Override
    public String toString() {
        return "variance" + java.util.Arrays.toString(axes);
    }
}
