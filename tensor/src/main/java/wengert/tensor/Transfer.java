package wengert.tensor;

import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;

/// Copies between devices. Both pure-Java backends keep their numbers in Java arrays, so between them any view
/// can be copied by either.
final class Transfer {
    private Transfer() {
    }

    static Tensor to(Tensor x, Device device) {
        requireHost(x.device());
        requireHost(device);
        Tensor y = Tensor.empty(x.dtype(), device, x.shape());
        device.backend().copy(x.view(), y.view());
        return y;
    }

    static Tensor toHost(Tensor x) {
        requireHost(x.device());
        return x;
    }

    private static void requireHost(Device device) {
        if (!device.equals(Device.CPU) && !device.equals(Device.REFERENCE)) {
            throw new DeviceException("copying to or from device " + device + " is not possible; known are "
                    + Device.CPU + " and " + Device.REFERENCE);
        }
    }
}
