package wengert.nn;

import wengert.nn.init.Initialiser;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// A tensor that belongs to a module's state but is not trained: running statistics, a counter, the vectors
/// of a power iteration. Keeps its identity for life; what it holds is changed in place, under a name, by the
/// module, and replaced when the module moves to another dtype or device.
///
/// ```java
/// private final Buffer calls = buffer("calls", Shape.SCALAR, DType.I64, Init.zeros());
/// …
/// calls.value().inPlace("Net.forward").add(1);
/// ```
public final class Buffer {
    private final String name;
    private final Shape shape;
    private final Initialiser initialiser;
    private DType dtype;
    private Device device;
    private Tensor value;

    Buffer(String name, Shape shape, DType dtype, Initialiser initialiser) {
        this.name = name;
        this.shape = shape;
        this.initialiser = initialiser;
        this.dtype = dtype;
        this.device = Device.CPU;
    }

    /// What gives the first values.
    Initialiser initialiser() {
        return initialiser;
    }

    /// Sizes of the axes.
    public Shape shape() {
        return shape;
    }

    /// Kind of number.
    public DType dtype() {
        return dtype;
    }

    /// Where the numbers live.
    public Device device() {
        return device;
    }

    /// Whether there are numbers yet.
    public boolean hasValue() {
        return value != null;
    }

    /// The numbers themselves: they change when the module changes them. What a node of a graph is to keep
    /// must be a copy.
    ///
    /// @throws TensorException if there are none yet
    public Tensor value() {
        if (value == null) {
            throw new TensorException("buffer '" + name + "' " + dtype + " " + shape
                    + " has no values yet; call "
                    + "init(generator) on the root module, or load a state dict, before using it");
        }
        return value;
    }

    /// Overwrites the numbers.
    ///
    /// @param x  of this shape, any dtype; copied
    /// @param by who does it, for messages: `BatchNorm2d.forward`
    public void set(Tensor x, String by) {
        value().inPlace(by).copy(x);
    }

    /// Takes first numbers, or numbers of another dtype or device.
    void replace(Tensor x, String fullName) {
        value = x;
        dtype = x.dtype();
        device = x.device();
        x.view().storage().label(fullName);
        x.view().storage().heldAs("buffer", "");
    }

    /// Moves: floating numbers to a floating dtype, integers stay integers.
    void move(DType floating, Device to) {
        DType target = dtype.isFloating() && floating != null ? floating : dtype;
        Device place = to == null ? device : to;
        if (value != null) {
            String label = value.view().storage().label();
            replace(Scope.outside(() -> value.to(target).to(place)), label);
        }
        dtype = target;
        device = place;
    }
}
