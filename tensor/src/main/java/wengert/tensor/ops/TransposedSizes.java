package wengert.tensor.ops;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

/// Sizes of a transposed convolution's result, with the refusals in its user's words.
///
/// @param g how the window moves
/// @param h smallest rows of the result
/// @param w smallest columns
/// @param x the input, for messages
/// @param k the weight, for messages
record TransposedSizes(Conv2dGeometry g, long h, long w, Shape x, Shape k) {
    private static final String OP = "convTranspose2d";

    /// Checks channels and groups.
    ///
    /// @param x      [N, K, P, Q]
    /// @param weight [K, C/G, R, S]
    static TransposedSizes of(Spec x, Spec weight, Conv2dGeometry g) {
        ConvShapes.operand(OP, "input", x);
        ConvShapes.operand(OP, "weight", weight);
        Shape in = x.shape();
        Shape w = weight.shape();
        ConvShapes.groups(OP, "input", in.size(1), g);
        if (in.size(1) != w.size(0)) {
            throw new ShapeException(OP + ": input has " + in.size(1)
                    + " channels, but the first axis of weight " + w
                    + " needs " + w.size(0) + ".\n  input " + in + ConvShapes.label(x) + ", weight"
                    + ConvShapes.label(weight) + " " + w + "\n  Hint: a transposed convolution's weight is"
                    + " [in, out/groups, kh, kw]; did you mean ConvTranspose2d(" + in.size(1) + ", "
                    + (long) w.size(1) * g.groups() + ", " + w.size(2) + ")?");
        }
        return new TransposedSizes(g, g.naturalH(in.size(2), w.size(2)), g.naturalW(in.size(3), w.size(3)),
                in, w);
    }

    int paddedH(int pad) {
        return padded("height", h, pad, g.strideH(), g.dilationH());
    }

    int paddedW(int pad) {
        return padded("width", w, pad, g.strideW(), g.dilationW());
    }

    private int padded(String which, long smallest, int pad, int stride, int dilation) {
        if (pad < 0 || pad >= Math.max(stride, dilation)) {
            throw new ShapeException(OP + ": output padding of the " + which
                    + " must be at least 0 and smaller than"
                    + " the stride or the dilation, got " + pad + " with stride " + stride + " and dilation "
                    + dilation);
        }
        return positive(which, smallest + pad);
    }

    int exactH(int size) {
        return exact("height", h, size, g.strideH());
    }

    int exactW(int size) {
        return exact("width", w, size, g.strideW());
    }

    private int exact(String which, long smallest, int size, int stride) {
        if (size < smallest || size > smallest + stride - 1) {
            throw new ShapeException(OP + ": output " + which + " " + size + " is not possible; input " + x
                    + " with weight " + k + " and stride " + stride + " gives " + smallest + " to "
                    + (smallest + stride - 1));
        }
        return positive(which, size);
    }

    private int positive(String which, long size) {
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new ShapeException(OP + ": output " + which + " would be " + size + " for input " + x
                    + " with weight " + k + " and " + g);
        }
        return (int) size;
    }
}
