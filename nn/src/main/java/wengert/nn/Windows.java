package wengert.nn;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// What layers with moving windows share.
final class Windows {
    private Windows() {
    }

    /// The shape [first, second/groups, R, S].
    static Shape weight(String op, int first, int second, int kernelH, int kernelW, int groups) {
        if (first < 1 || second < 1 || kernelH < 1 || kernelW < 1) {
            throw new ShapeException(op + ": channels and kernel must be at least 1, got " + first + " and "
                    + second + " channels, kernel " + pair(kernelH, kernelW));
        }
        if (first % groups != 0 || second % groups != 0) {
            throw new ShapeException(op + ": groups=" + groups + " must divide both channel counts, got "
                    + first + " and " + second);
        }
        return Shape.of(first, second / groups, kernelH, kernelW);
    }

    /// `, kernel 4×4, stride 2, padding 1`.
    static String describe(Shape weight, Conv2dGeometry g) {
        return ", kernel " + pair(weight.size(2), weight.size(3))
                + ", stride " + pair(g.strideH(), g.strideW()) + ", padding " + pair(g.padH(), g.padW())
                + (g.dilationH() == 1 && g.dilationW() == 1 ? ""
                        : ", dilation " + pair(g.dilationH(), g.dilationW()))
                + (g.groups() == 1 ? "" : ", groups " + g.groups());
    }

    /// `4`, or `3×5`.
    static String pair(int h, int w) {
        return h == w ? Integer.toString(h) : h + "×" + w;
    }
}
