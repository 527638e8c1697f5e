package wengert.gan.conform;

import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// What vectors are replayed on.
///
/// @param dtype  f64 or f32
/// @param device a backend
public record Setting(DType dtype, Device device) {
    /// A reference value as an operand here; whole numbers stay what they are.
    Tensor operand(Tensor reference) {
        return (reference.dtype().isFloating() ? reference.to(dtype) : reference).to(device);
    }

    boolean exact() {
        return dtype == DType.F64;
    }

    @Override
    public String toString() {
        return dtype + " " + device;
    }
}
