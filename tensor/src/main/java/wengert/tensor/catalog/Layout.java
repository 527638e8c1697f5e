package wengert.tensor.catalog;

import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// How the same numbers may lie in memory. An operator must not care.
public enum Layout {
    /// Row by row.
    ROW_MAJOR,
    /// Axes stored in reverse order: strides grow to the right.
    TRANSPOSED,
    /// Stored backwards along every axis: negative strides.
    FLIPPED,
    /// Every second element, along the last axis, of a wider buffer.
    GAPPED;

    /// A new tensor in this layout.
    ///
    /// @param values row-major
    public Tensor of(double[] values, Shape shape, DType dtype, Device device) {
        Tensor plain = Tensor.of(values, shape.toArray()).to(dtype).to(device);
        int rank = shape.rank();
        if (rank == 0) {
            return plain;
        }
        int[] axes = new int[rank];
        int[] reversed = new int[rank];
        for (int a = 0; a < rank; a++) {
            axes[a] = a;
            reversed[a] = rank - 1 - a;
        }
        return switch (this) {
            case ROW_MAJOR -> plain;
            case TRANSPOSED -> plain.permute(reversed).copy().permute(reversed);
            case FLIPPED -> Tensor.over(Tensor.over(plain.view().flip(axes)).copy().view().flip(axes));
            case GAPPED -> gapped(plain);
        };
    }

    private static Tensor gapped(Tensor x) {
        int size = x.shape().size(-1);
        Tensor wide = Tensor.full(77, x.dtype(), x.device(), x.shape().with(-1, Math.multiplyExact(2, size)));
        View window = wide.view().slice(-1, 0, 2, size);
        return Tensor.over(window).copyInPlace(x);
    }
}
