package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Logarithms of shares of exponentials along an axis: `y = x − ln Σ e^x`, without overflow. Shapes: x [*] →
/// y [*]. Floats.
/// Gradient: `dx = dy − e^y · Σ dy`, which is [LogSoftmaxGradient]; keeps y, not x.
///
/// @param axis along which the shares sum to 1
record LogSoftmax(int axis) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        in[0].shape().axis(name(), axis);
        return in[0];
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        k.find(SoftmaxKernels.class).logSoftmax(in[0], out.shape().axis(axis), out);
    }

    @Override
    public boolean savesOutput(int j) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return s.output(0).apply(new LogSoftmaxGradient(axis), dy);
    }
}
