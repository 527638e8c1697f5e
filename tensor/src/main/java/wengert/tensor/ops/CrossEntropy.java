package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

// N batch, C classes.
/// Cross entropy of logits and the right class: `y = ln Σ e^x − x[target]` over axis 1, inputs x and target
/// (i64, from 0 to C − 1). Shapes: x [N, C, *], target [N, *] → y [N, *]. Floats. The logarithms of the
/// shares are never stored.
/// Gradient: [CrossEntropyGradient]; keeps x and target.
record CrossEntropy() implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return Spec.of(checked(in[0].shape(), in[1].shape()), in[0].dtype());
    }

    static Shape checked(Shape x, Shape target) {
        if (x.rank() < 2 || !x.reduced(x.mark(1), false).equals(target)) {
            throw new ShapeException("crossEntropy: expected logits [N, C, *] and target classes [N, *], got "
                    + x + " and " + target);
        }
        return target;
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        Shape line = in[0].shape().with(1, 1);
        k.find(SoftmaxKernels.class).crossEntropy(in[0], 1, in[1].reshape(line), out.reshape(line));
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return i == 0 ? s.input(0).apply(new CrossEntropyGradient(), s.input(1), dy) : null;
    }
}
