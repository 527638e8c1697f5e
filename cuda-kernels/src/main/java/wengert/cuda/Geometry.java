package wengert.cuda;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// A convolution, or its data gradient, as the kernels of `convolution.cu` are told of it: its `struct
/// Convolution`. "In" and "out" are x and y, or in the data gradient dy and dx.
///
/// @param transposed whether it is the data gradient
/// @param summed     channels of in that one of out sums over, in a group
/// @param channels   of out, in a group
record Geometry(boolean transposed, View in, View w, View out, Conv2dGeometry g, int summed, int channels) {

    /// @param x [N, C, H, W]
    /// @param w [K, C/G, R, S]
    /// @param y [N, K, P, Q]
    static Geometry forward(View x, View w, View y, Conv2dGeometry g) {
        return new Geometry(false, x, w, y, g, w.shape().size(1), w.shape().size(0) / g.groups());
    }

    static Geometry dataGradient(View dy, View w, View dx, Conv2dGeometry g) {
        return new Geometry(true, dy, w, dx, g, w.shape().size(0) / g.groups(), w.shape().size(1));
    }

    /// Taps: R · S.
    int taps() {
        return w.shape().size(2) * w.shape().size(3);
    }

    /// Blocks in z: groups, and in a data gradient the phases of its rows and columns.
    long layers() {
        return (long) g.groups() * (transposed ? g.strideH() * g.strideW() : 1);
    }

    /// Elements of a channel of out in all pictures, of the largest phase.
    int pixels() {
        int rows = out.shape().size(2);
        int columns = out.shape().size(3);
        return out.shape().size(0) * (transposed
                ? (rows + g.strideH() - 1) / g.strideH() * ((columns + g.strideW() - 1) / g.strideW())
                : rows * columns);
    }

    /// @param biasStep    elements from one channel's bias to the next
    /// @param slices      into which a weight gradient's sum is cut
    /// @param sliceLength terms in each but the last
    int[] toInts(int biasStep, int slices, int sliceLength) {
        int group = w.shape().size(0) / g.groups() * w.stride(0);
        return new int[] {transposed ? 1 : 0, out.shape().size(0), g.groups(), summed, channels,
            in.shape().size(2), in.shape().size(3), out.shape().size(2), out.shape().size(3),
            w.shape().size(2), w.shape().size(3), g.strideH(), g.strideW(), g.padH(), g.padW(),
            g.dilationH(), g.dilationW(), in.stride(0), in.stride(1), in.stride(2), in.stride(3),
            out.stride(0), out.stride(1), out.stride(2), out.stride(3), group,
            w.stride(transposed ? 1 : 0), w.stride(transposed ? 0 : 1), w.stride(2), w.stride(3), biasStep,
            slices, sliceLength};
    }
}
