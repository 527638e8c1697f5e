package wengert.tensor.ops;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// What the three operators of the convolution's trilinear form check alike: x [N, C, H, W], w
/// [K, C/G, R, S], y [N, K, P, Q]. Only N may be 0.
final class ConvShapes {
    private ConvShapes() {
    }

    /// Floating-point operations of each of the three: every number of y takes the products of one window.
    ///
    /// @param y [N, K, P, Q]
    /// @param w [K, C/G, R, S]
    static double flops(Shape y, Shape w) {
        return 2.0 * y.elements() * (w.elements() / Math.max(1, w.size(0)));
    }

    /// Both operands have the form they need and one dtype.
    static void operands(String op, String first, Spec a, String second, Spec b) {
        operand(op, first, a);
        operand(op, second, b);
        if (a.dtype() != b.dtype()) {
            throw new DTypeException(op + ": " + first + " and " + second + " must have one dtype, got " + a
                    + " and " + b + "; cast one with to(dtype)");
        }
    }

    /// Floats with four axes, none but the batch empty.
    static void operand(String op, String which, Spec a) {
        Shape shape = a.shape();
        boolean weight = which.equals("weight");
        if (shape.rank() != 4) {
            throw new ShapeException(op + ": " + which + " must have four axes, "
                    + (weight ? "two of channels and two of the kernel" : "[N, C, H, W]") + ", got " + shape
                    + (shape.rank() == 3 && !weight ? "; add a batch axis with unsqueeze(0)" : ""));
        }
        for (int i = weight ? 0 : 1; i < 4; i++) {
            if (shape.size(i) == 0) {
                throw new ShapeException(op + ": " + which + " " + shape + " has size 0 in axis " + i
                        + "; only the batch may be empty");
            }
        }
        if (!a.dtype().isFloating()) {
            throw new DTypeException(op + ": " + which + " must be floats, got " + a
                    + "; cast it with to(dtype)");
        }
    }

    /// K is a multiple of the groups.
    static void groups(String op, String which, int channels, Conv2dGeometry g) {
        if (channels % g.groups() != 0) {
            throw new ShapeException(op + ": " + channels + " " + which
                    + " channels do not divide into groups=" + g.groups());
        }
    }

    /// The output's rows or columns, with the operator's name in front of what the geometry refuses.
    static Shape output(String op, Shape x, int k, int r, int s, Conv2dGeometry g) {
        try {
            return Shape.of(x.size(0), k, g.outH(x.size(2), r), g.outW(x.size(3), s));
        } catch (ShapeException e) {
            throw new ShapeException(op + ": " + e.getMessage() + "; input " + x + ", kernel " + r + "x" + s,
                    e);
        }
    }

    /// The third input, or null.
    static View bias(View[] in) {
        return in.length == 3 ? in[2] : null;
    }

    /// Name of the buffer in quotes where it has one.
    static String label(Spec x) {
        return x instanceof View v && !v.storage().label().isEmpty() ? " '" + v.storage().label() + "'" : "";
    }
}
