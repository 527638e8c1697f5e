package wengert.tensor.catalog;

import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// One input of a sample. Its numbers are exact in f32, so that every precision starts from the same.
///
/// @param name           what the operator calls it: `x`, `weight`, `index`
/// @param dtype          [DType#F64] stands for whichever float is looked at; [DType#I64] and [DType#BOOL]
///                       are meant
/// @param shape          sizes
/// @param values         row-major
/// @param differentiable whether gradients with respect to it make sense
public record Input(String name, DType dtype, Shape shape, double[] values, boolean differentiable) {
    /// A new tensor.
    ///
    /// @param precision what floats become
    /// @param layout    how it lies in memory
    public Tensor tensor(DType precision, Device device, Layout layout) {
        return layout.of(values, shape, dtype.isFloating() ? precision : dtype, device);
    }
}
