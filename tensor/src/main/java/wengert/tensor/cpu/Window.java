package wengert.tensor.cpu;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.View;

/// The sizes of a convolution by their letters: N batch, C input channels, H W input, K output channels, R S
/// kernel, P Q output, G groups; cg = C/G and kg = K/G channels per group.
record Window(int n, int c, int h, int w, int k, int r, int s, int p, int q, int groups, int strideH,
        int strideW, int padH, int padW, int dilationH, int dilationW) {

    /// @param x [N, C, H, W]
    /// @param w [K, C/G, R, S]
    /// @param y [N, K, P, Q]
    static Window of(View x, View w, View y, Conv2dGeometry g) {
        return new Window(x.shape().size(0), x.shape().size(1), x.shape().size(2), x.shape().size(3),
                w.shape().size(0), w.shape().size(2), w.shape().size(3), y.shape().size(2), y.shape().size(3),
                g.groups(), g.strideH(), g.strideW(), g.padH(), g.padW(), g.dilationH(), g.dilationW());
    }

    int cg() {
        return c / groups;
    }

    int kg() {
        return k / groups;
    }

    /// Row of the input that tap r of output row p reads; may lie in the padding.
    int row(int p, int r) {
        return p * strideH - padH + r * dilationH;
    }

    /// Column of the input that tap s of output column q reads; may lie in the padding.
    int column(int q, int s) {
        return q * strideW - padW + s * dilationW;
    }

    /// True if there is one window, and it is the whole input.
    boolean whole() {
        return groups == 1 && p == 1 && q == 1 && r == h && s == w && padH == 0 && padW == 0;
    }
}
