package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Gradient of [CrossEntropy]: `g = dy · (p − one)`, p the softmax of x over axis 1 and `one` 1 at the
/// target, inputs x, target and dy. Shapes: x [N, C, *], target and dy [N, *] → g [N, C, *].
/// Gradient: with upstream u, `d(dy) = Σ u·p − u[target]`, `dx = p · (u·dy − Σ p·u·dy)`. Keeps x, target, and
/// dy if x's gradient is wanted.
record CrossEntropyGradient() implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return in[0];
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape line = in[0].shape().with(1, 1);
        k.find(SoftmaxKernels.class).crossEntropyGradient(in[0], 1, in[1].reshape(line), in[2].reshape(line),
                out);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return i < 2 || needs[0];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T u) {
        if (i == 1) {
            return null;
        }
        T p = s.input(0).softmax(1);
        Shape line = s.shape(0).with(1, 1);
        if (i == 0) {
            return p.apply(new SoftmaxGradient(1), u.mul(s.input(2).reshape(line)));
        }
        T chosen = u.gather(1, s.input(1).reshape(line));
        return u.mul(p).sumKeep(1).sub(chosen).reshape(s.shape(2));
    }
}
