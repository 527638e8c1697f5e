package wengert.tensor;

import wengert.tensor.ops.Op;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;
import wengert.tensor.spi.OutOfMemoryException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Runs one operator on plain values: checks, makes room, calls the kernels. Everything that can be refused
/// is refused before memory is taken.
final class Execution {
    private Execution() {
    }

    static Tensor[] run(Op op, Tensor... inputs) {
        View[] in = new View[inputs.length];
        Device device = inputs[0].device();
        for (int i = 0; i < in.length; i++) {
            in[i] = inputs[i].view();
            if (!in[i].storage().device().equals(device)) {
                throw new DeviceException(op.name() + ": all inputs must be on one device, got " + device
                        + " and " + in[i].storage().device() + "; move one with to(device)");
            }
        }
        if (in.length == 1) {
            View alias = op.alias(in[0]);
            if (alias != null) {
                return new Tensor[] {Tensor.over(alias)};
            }
        }
        Spec[] specs = op.infer(in);
        requireCountable(op, in);
        Device target = op.target(device);
        View[] out = new View[specs.length];
        for (int j = 0; j < out.length; j++) {
            out[j] = View.of(Scope.allocate(target, specs[j].dtype(), specs[j].shape()), specs[j].shape());
        }
        Backend backend = device.backend();
        KernelCounts.ran(op, in, out);
        try {
            OperatorWatch.forward(op, backend, in, out);
        } catch (OutOfMemoryException e) { // for working memory; that of the results has been taken
            throw Memory.told(e, device);
        }
        Tensor[] result = new Tensor[out.length];
        for (int j = 0; j < out.length; j++) {
            result[j] = Tensor.over(out[j]);
        }
        return result;
    }

    /// An expanded view may have more elements than an array; kernels count in 32 bits.
    private static void requireCountable(Op op, View[] in) {
        for (int i = 0; i < in.length; i++) {
            if (in[i].shape().elements() > Shape.MOST_ELEMENTS) {
                throw new ShapeException(op.name() + ": input " + i + ", " + in[i]
                        + ", is an expanded view of "
                        + in[i].shape().elements() + " elements; kernels go through at most "
                        + Shape.MOST_ELEMENTS + ". Work on it before expanding, or in parts.");
            }
        }
    }
}
