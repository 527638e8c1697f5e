package wengert.tensor.ops;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

/// What operators on pictures [N, C, H, W] check alike.
final class WindowShapes {
    private WindowShapes() {
    }

    /// The shape of a picture.
    static Shape picture(String op, Spec x) {
        if (x.shape().rank() != 4) {
            throw new ShapeException(op + ": input must be [N, C, H, W], got " + x.shape() + " with "
                    + x.shape().rank() + " axes");
        }
        return x.shape();
    }

    /// [N, C, P, Q] of windows over [N, C, H, W].
    static Shape output(String op, Spec x, int r, int s, Conv2dGeometry g) {
        Shape in = picture(op, x);
        if (!x.dtype().isFloating()) {
            throw new DTypeException(op + ": input must be floats, got " + x + "; cast it with to(dtype)");
        }
        return ConvShapes.output(op, in, in.size(1), r, s, g);
    }

    /// Refuses a window none of whose taps lies on the input: there is nothing to take the largest of.
    static void noWindowInPadding(String which, int in, int kernel, int stride, int pad, int dilation,
            int count, Shape x) {
        for (int p = 0; p < count; p++) {
            long first = (long) p * stride - pad;
            long skipped = first < 0 ? Math.ceilDiv(-first, dilation) : 0; // taps before the input
            if (skipped >= kernel || first + skipped * dilation >= in) {
                throw new ShapeException("maxPool2d: window " + p + " of the " + which + " (kernel " + kernel
                        + ", dilation " + dilation + ") lies in the padding of " + pad + " around input " + x
                        + "; use less padding");
            }
        }
    }
}
