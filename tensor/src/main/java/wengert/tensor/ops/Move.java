package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// The same numbers on another device. Gradient: dy moved back; keeps nothing.
///
/// @param from where the input lives
/// @param to   where the result lives
record Move(Device from, Device to) implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        return in[0];
    }

    @Override
    public Device target(Device inputs) {
        return to;
    }

    /// Both pure-Java backends read and write Java arrays; a device with memory of its own copies in and out
    /// of them, so it is the one to ask.
    @Override
    public void forward(Backend k, View[] in, View out) {
        (from.isHost() ? to : from).backend().copy(in[0], out);
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return dy.to(from);
    }
}
