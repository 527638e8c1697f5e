package wengert.tensor.ops;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// What the three operators of the convolution's trilinear form check alike: x [N, C, H, W], w [K, C/G, R, S],
/// y [N, K, P, Q]. Only N may be 0.
final class ConvShapes {
    private ConvShapes() {
    }

    /// Both operands are floats of one dtype with four axes, none but the batch empty.
    static void operands(String op, String first, Spec a, String second, Spec b) {
        if (a.dtype() != b.dtype() || !a.dtype().isFloating()) {
            throw new DTypeException(op + ": " + first + " and " + second + " must be floats of one dtype, got " + a
                    + " and " + b + "; cast one with to(dtype)");
        }
        fourAxes(op, first, a.shape(), first.equals("weight") ? "[K, C/groups, R, S]" : "[N, C, H, W]");
        fourAxes(op, second, b.shape(), second.equals("weight") ? "[K, C/groups, R, S]" : "[N, C, H, W]");
    }

    private static void fourAxes(String op, String which, Shape shape, String expected) {
        if (shape.rank() != 4) {
            throw new ShapeException(op + ": " + which + " must be " + expected + ", got " + shape + " with "
                    + shape.rank() + " axes" + (shape.rank() == 3 ? "; add a batch axis with unsqueeze(0)" : ""));
        }
        for (int a = which.equals("weight") ? 0 : 1; a < 4; a++) {
            if (shape.size(a) == 0) {
                throw new ShapeException(op + ": " + which + " " + shape + " has size 0 in axis " + a
                        + "; only the batch may be empty");
            }
        }
    }

    /// K is a multiple of the groups.
    static void groups(String op, String which, int channels, Conv2dGeometry g) {
        if (channels % g.groups() != 0) {
            throw new ShapeException(op + ": " + channels + " " + which + " channels do not divide into groups="
                    + g.groups());
        }
    }

    /// The output's rows or columns, with the operator's name in front of what the geometry refuses.
    static Shape output(String op, Shape x, int k, int r, int s, Conv2dGeometry g) {
        try {
            return Shape.of(x.size(0), k, g.outH(x.size(2), r), g.outW(x.size(3), s));
        } catch (ShapeException e) {
            throw new ShapeException(op + ": " + e.getMessage() + "; input " + x + ", kernel " + r + "x" + s, e);
        }
    }

    /// Name of the buffer in quotes where it has one.
    static String label(Spec x) {
        return x instanceof View v && !v.storage().label().isEmpty() ? " '" + v.storage().label() + "'" : "";
    }
}
