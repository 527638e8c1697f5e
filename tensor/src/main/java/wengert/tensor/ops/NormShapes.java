package wengert.tensor.ops;

import wengert.tensor.spi.DTypeException;
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

    /// `1/√(v + eps)`.
    static <T extends TensorOps<T>> T inverseRoot(T v, double eps) {
        return v.add(eps).pow(-0.5);
    }
}
