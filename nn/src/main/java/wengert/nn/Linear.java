package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Fan;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;

/// Affine map of the last axis: `y = x · Wᵀ + b`, `[*, in]` → `[*, out]`, with
/// `weight` `[out, in]` and `bias` `[out]`. Both start uniform in ±1/√in.
///
/// ```java
/// var logits = new Linear(128, 10);   // [N, 128] → [N, 10]
/// ```
public final class Linear extends WeightedLayer implements Layer {
    private final int in;
    private final Parameter bias;

    /// With bias.
    ///
    /// @param in  size of the input's last axis
    /// @param out size of the output's last axis
    public Linear(int in, int out) {
        this(in, out, true);
    }

    /// @param in   size of the input's last axis
    /// @param out  size of the output's last axis
    /// @param bias whether b is added
    public Linear(int in, int out, boolean bias) {
        super(Shape.of(out, in), 0, Init.kaimingUniform(Fan.IN, 1 / Math.sqrt(3)));
        this.in = in;
        double bound = 1 / Math.sqrt(in);
        this.bias = bias ? parameter("bias", Shape.of(out), Init.uniform(-bound, bound)) : null;
    }

    /// What is added, or null.
    public Parameter bias() {
        return bias;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        return x.linear(weight(x), bias);
    }

    @Override
    protected String describe() {
        return "Linear(" + in + " → " + weight().shape().size(0) + (bias == null ? ", no bias)" : ")");
    }
}
