package wengert.tensor.spi;

/// How a 2-d window moves: steps, borders, holes and groups of a convolution, as `(height, width)`.
///
/// @param strideH   rows between windows, at least 1
/// @param strideW   columns between windows, at least 1
/// @param padH      rows of zeros added above and below, at least 0
/// @param padW      columns of zeros added left and right, at least 0
/// @param dilationH rows between taps, at least 1
/// @param dilationW columns between taps, at least 1
/// @param groups    parts into which input and output channels are split, at least 1
public record Conv2dGeometry(int strideH, int strideW, int padH, int padW, int dilationH, int dilationW,
        int groups) {

    /// Checks the ranges.
    public Conv2dGeometry {
        if (strideH < 1 || strideW < 1) {
            throw new ShapeException("conv2d: stride must be at least 1, got (" + strideH + "," + strideW
                    + ")");
        }
        if (padH < 0 || padW < 0) {
            throw new ShapeException("conv2d: padding must not be negative, got (" + padH + "," + padW + ")");
        }
        if (dilationH < 1 || dilationW < 1) {
            throw new ShapeException("conv2d: dilation must be at least 1, got (" + dilationH + ","
                    + dilationW + ")");
        }
        if (groups < 1) {
            throw new ShapeException("conv2d: groups must be at least 1, got " + groups);
        }
    }

    /// Stride and padding alike in both directions, no dilation, one group.
    public static Conv2dGeometry of(int stride, int padding) {
        return new Conv2dGeometry(stride, stride, padding, padding, 1, 1, 1);
    }

    /// Rows of output: `⌊(H + 2·pad − dilation·(R − 1) − 1) / stride⌋ + 1`.
    ///
    /// @param h rows of input
    /// @param r rows of the kernel
    public int outH(int h, int r) {
        return out("height", h, r, strideH, padH, dilationH);
    }

    /// Columns of output, alike.
    ///
    /// @param w columns of input
    /// @param s columns of the kernel
    public int outW(int w, int s) {
        return out("width", w, s, strideW, padW, dilationW);
    }

    private static int out(String which, int in, int kernel, int stride, int pad, int dilation) {
        long span = (long) dilation * (kernel - 1) + 1;
        long room = in + 2L * pad - span;
        if (kernel < 1 || room < 0) {
            throw new ShapeException("window: input " + which + " " + in + " with padding " + pad + " ("
                    + (in + 2L * pad) + " in all) is smaller than the kernel, which spans " + span + " (size "
                    + kernel + ", dilation " + dilation + ")");
        }
        return (int) (room / stride) + 1;
    }

    /// Smallest rows of input that give `p` rows of output; up to `strideH − 1` more give the same.
    public long naturalH(int p, int r) {
        return (p - 1L) * strideH - 2L * padH + (long) dilationH * (r - 1) + 1;
    }

    /// Smallest columns of input that give `q` columns of output.
    public long naturalW(int q, int s) {
        return (q - 1L) * strideW - 2L * padW + (long) dilationW * (s - 1) + 1;
    }
}
