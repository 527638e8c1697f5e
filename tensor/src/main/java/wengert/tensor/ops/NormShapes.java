package wengert.tensor.ops;

import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

/// What the normalisations share: x [N, C, *] and values per channel `[C]`.
final class NormShapes {
    private NormShapes() {
    }

    /// Checks one operand per channel.
    ///
    /// @return `[C]`
    static Shape perChannel(String op, Spec x, String which, Spec v) {
        if (x.shape().rank() < 2) {
            throw new ShapeException(op + ": input must be [N, C] or [N, C, *], got " + x.shape());
        }
        Shape channel = Shape.of(x.shape().size(1));
        operand(op, x, which, v, channel);
        return channel;
    }

    /// Checks one operand per channel.
    ///
    /// @return `[C]`
    static Shape perChannel(NormForm form, Spec x, String which, Spec v) {
        return perChannel(form.overBatch() ? "batchNorm" : "groupNorm", x, which, v);
    }

    /// Checks the shape and dtype of a scale, a shift or a statistic.
    static void operand(String op, Spec x, String which, Spec v, Shape want) {
        if (!v.shape().equals(want)) {
            throw new ShapeException(op + ": " + which + " must be " + want + " for input " + x.shape()
                    + ", got " + v.shape() + ConvShapes.label(v));
        }
        if (!x.dtype().isFloating() || v.dtype() != x.dtype()) {
            throw new DTypeException(op + ": input and " + which + " must be floats of one dtype, got "
                    + x.dtype() + " and " + v.dtype() + "; cast one with to(dtype)");
        }
    }

    /// Every axis but the second.
    static int[] allButChannel(Shape x) {
        int[] axes = new int[x.rank() - 1];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i == 0 ? 0 : i + 1;
        }
        return axes;
    }

    /// [1, C, 1, …] of x's rank.
    static Shape alongChannel(Shape x) {
        int[] sizes = new int[x.rank()];
        java.util.Arrays.fill(sizes, 1);
        sizes[1] = x.size(1);
        return Shape.of(sizes);
    }

    /// x as [N, C, 1, L], or [N, G, C/G, L].
    static Shape full(NormForm form, Shape x) {
        int g = form.overBatch() ? x.size(1) : form.groups();
        long positions = 1;
        for (int axis = 2; axis < x.rank(); axis++) {
            positions *= x.size(axis);
        }
        return Shape.of(x.size(0), g, x.size(1) / Math.max(1, g), (int) positions);
    }

    /// A `[C]` so that it broadcasts to [#full].
    static Shape parameters(NormForm form, Shape x) {
        return full(form, x).with(0, 1).with(3, 1);
    }

    /// The axes of [#full] that share a mean.
    static int[] inSet(NormForm form) {
        return form.overBatch() ? new int[] {0, 2, 3} : new int[] {2, 3};
    }

    /// `1/√(v + eps)`.
    static <T extends TensorOps<T>> T inverseRoot(T v, double eps) {
        return v.add(eps).pow(-0.5);
    }
}
