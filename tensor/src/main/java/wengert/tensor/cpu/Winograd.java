package wengert.tensor.cpu;

/// Convolutions with fewer multiplications (S. Winograd, Arithmetic Complexity of Computations, 1980; A.
/// Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016). Two neighbouring outputs
///
/// `y0 = x0·g0 + x1·g1`, `y1 = x1·g0 + x2·g1`
///
/// take three multiplications instead of four, as Karatsuba's product of polynomials does:
///
/// `m0 = (x0 − x1)·g0`, `m1 = x1·(g0 + g1)`, `m2 = (x1 − x2)·g1`, `y0 = m0 + m1`, `y1 = m1 − m2`.
///
/// Applied to rows and columns, 2 × 2 outputs of a 2 × 2 window take 9 multiplications instead of 16. A
/// window of 3 taps takes four instead of six, 16 instead of 36 in the plane. The sums on the left are shared
/// by all output channels, those on the right by all pixels, and the m are summed over input channels before
/// the last sums are taken: so what is left is one matrix product per *point* (3 · 3 or 4 · 4 of them).
///
/// A window of 4 × 4 that moves by two is four windows of 2 × 2 that move by one: x split into even and odd
/// rows and columns ([Planes]). So `taps = R / stride` and `points = taps + 1`.
///
/// Larger tiles would save more, but their sums have factors of 4 and more, and lose digits; these have none
/// but ½. A number of x or dy that is not finite makes those outputs that depend on it not finite, and no
/// others; in the weight gradient, one at a border may reach taps that do not meet it.
///
/// @param taps   of one of the small windows, in either direction: 2 or 3
/// @param stride of the convolution: small windows per window, in either direction
record Winograd(int taps, int stride) {
    /// Outputs of a tile, in either direction.
    static final int TILE = 2;
    /// Tiles that repay for changing the weights.
    private static final int LEAST = 64;
    /// Tiles of a row at most: a task holds one row at least, with up to some 8,000 factors per tile.
    private static final int WIDEST = 1 << 12;
    /// Numbers of the weights' factors, or of the weight gradient's sums, that an array holds with room to
    /// spare.
    private static final long MOST = 1 << 28;

    static Winograd of(Window z) {
        return new Winograd(z.r() / z.strideH(), z.strideH());
    }

    /// Points in either direction.
    int points() {
        return taps + 1;
    }

    /// Matrix products.
    int products() {
        return points() * points();
    }

    /// Small windows per window.
    int parts() {
        return stride * stride;
    }

    /// True if forward convolution and weight gradient save multiplications this way.
    static boolean suitsForward(Window z) {
        return suits(z, z.p(), z.q());
    }

    /// True if the data gradient does.
    static boolean suitsGradient(Window z) {
        return suits(z, Math.ceilDiv(z.h(), z.strideH()), Math.ceilDiv(z.w(), z.strideW()));
    }

    /// @param height rows of the planes that are cut into tiles
    private static boolean suits(Window z, int height, int width) {
        int stride = z.strideH();
        if (z.groups() != 1 || stride != z.strideW() || stride > 2 || z.dilationH() != 1 || z.dilationW() != 1
                || z.r() != z.s() || z.r() % stride != 0 || z.r() / stride < 2 || z.r() / stride > 3
                || z.c() < 8 || z.k() < 8) {
            return false;
        }
        Winograd f = of(z);
        long tiles = (long) z.n() * Math.ceilDiv(height, TILE) * Math.ceilDiv(width, TILE);
        long direct = (long) z.n() * height * width * f.taps * f.taps;
        return tiles >= LEAST && Math.ceilDiv(width, TILE) <= WIDEST && tiles * f.products() * 5 <= direct * 4
                && (long) f.products() * f.parts() * z.c() * (z.k() + 64) < MOST;
    }
}
