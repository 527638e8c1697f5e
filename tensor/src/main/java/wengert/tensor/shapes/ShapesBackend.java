package wengert.tensor.shapes;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// The backend of [Device#SHAPES]: its buffers have a length but no numbers, and its kernels do nothing. It
/// offers the same optional kernels as the cpu backend, so that operators take the same way there as on it.
/// Whoever asks for numbers is given zeros.
public final class ShapesBackend implements Backend {
    private static final Object NOTHING = new Object();

    /// Called by [java.util.ServiceLoader].
    public ShapesBackend() {
    }

    @Override
    public Device device() {
        return Device.SHAPES;
    }

    @Override
    public String description() {
        return "shapes only, for counting memory";
    }

    @Override
    public Storage allocate(DType dtype, int length) {
        return new Storage(Device.SHAPES, dtype, length, NOTHING);
    }

    @Override
    public void copy(View x, View y) {
        if (y.storage().device().isHost()) {
            y.storage().device().backend().fill(y, 0);
        }
    }

    @Override
    public <K> K find(Class<K> group) {
        if (Device.CPU.backend().find(group) == null) {
            return null;
        }
        for (Method m : group.getMethods()) {
            if (m.getReturnType() != void.class) {
                return null; // a question about a machine, not a kernel
            }
        }
        return group.cast(Proxy.newProxyInstance(group.getClassLoader(), new Class<?>[] {group},
                (_, _, _) -> null));
    }

    @Override
    public void fill(View y, double value) {
    }

    @Override
    public void unary(UnaryKind kind, double p, double q, View x, View y) {
    }

    @Override
    public void binary(BinaryKind kind, double p, double q, View a, View b, View y) {
    }

    @Override
    public void compare(CompareKind kind, View a, View b, View y) {
    }

    @Override
    public void where(View c, View a, View b, View y) {
    }

    @Override
    public void reduce(ReduceKind kind, View x, View y) {
    }

    @Override
    public void argReduce(ReduceKind kind, View x, int axis, View y) {
    }

    @Override
    public void cumulativeSum(View x, int axis, View y) {
    }

    @Override
    public void matmul(View a, View b, View y) {
    }

    @Override
    public void gather(View x, int axis, View index, View y) {
    }

    @Override
    public void scatterAdd(View x, int axis, View index, View y) {
    }

    @Override
    public void random(RandomKind kind, long seed, long stream, int draw, View y) {
    }

    @Override
    public void synchronize() {
    }
}
