package wengert.autograd;

import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;
import wengert.tensor.spi.View;

/// A leaf that is trained: it requires gradients, has a name, and keeps its identity for life. Initialising,
/// loading a state and moving to another dtype or device replace the numbers inside.
///
/// A parameter may be declared before it has numbers: it then knows its shape, dtype and device, and reading
/// it is an error that says what to do.
public final class Parameter extends Variable {
    private String name;
    private final Shape shape;
    private DType dtype;
    private Device device;

    /// A parameter with numbers.
    ///
    /// @param name  as in the state dict: `body.0.weight`
    /// @param value first numbers; owned by no scope
    public Parameter(String name, Tensor value) {
        this(name, value.shape(), value.dtype(), value.device());
        replace(value);
    }

    /// A parameter without numbers yet; [#replace] gives the first.
    ///
    /// @param name as in the state dict, or any part of it; see [#rename]
    public Parameter(String name, Shape shape, DType dtype, Device device) {
        super(null, true);
        if (!dtype.isFloating()) {
            throw new GradException("parameter '" + name
                    + "': only floating point numbers can be trained, got "
                    + dtype + " " + shape);
        }
        this.name = name;
        this.shape = shape;
        this.dtype = dtype;
        this.device = device;
    }

    /// The name.
    public String name() {
        return name;
    }

    /// Gives the name that messages, optimisers and state dicts use: the path from the root module.
    public void rename(String name) {
        this.name = name;
        if (hasValue()) {
            value().view().storage().label(name);
        }
    }

    /// Whether there are numbers yet.
    public boolean hasValue() {
        return rawValue() != null;
    }

    /// The numbers.
    ///
    /// @throws TensorException if there are none yet
    @Override
    public Tensor value() {
        Tensor value = rawValue();
        if (value == null) {
            throw new TensorException("parameter '" + name + "' " + dtype + " " + shape
                    + " has no values yet; call "
                    + "init(generator) on the root module, or load a state dict, before using it");
        }
        return value;
    }

    @Override
    public View view() {
        return value().view();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public Device device() {
        return device;
    }

    /// Replaces the numbers, for example by those of a checkpoint or of another device. The flag stays; the
    /// gradient stays if dtype and device do.
    ///
    /// @param value floating numbers of this parameter's shape, owned by no scope
    public void replace(Tensor value) {
        if (!value.shape().equals(shape)) {
            throw new ShapeException("parameter '" + name + "': expected shape " + shape + ", got "
                    + value.shape());
        }
        retype(value.dtype(), value.device());
        value.view().storage().label(name);
        value.view().storage().heldAs("parameter", "");
        value(value);
    }

    /// Changes dtype and device of a parameter that has no numbers yet.
    ///
    /// @throws GradException if it has; give it converted ones by [#replace]
    public void declare(DType dtype, Device device) {
        if (hasValue()) {
            throw new GradException("parameter '" + name
                    + "' has values already; replace them by converted ones");
        }
        retype(dtype, device);
    }

    @Override
    String place() {
        return name;
    }

    private void retype(DType newDtype, Device newDevice) {
        if (!newDtype.isFloating()) {
            throw new GradException("parameter '" + name
                    + "': only floating point numbers can be trained, got "
                    + newDtype + " " + shape);
        }
        if (newDtype != dtype || !newDevice.equals(device)) {
            zeroGrad();
        }
        dtype = newDtype;
        device = newDevice;
    }

    @Override
    public String toString() {
        return hasValue() ? name + ": " + super.toString() : name + ": " + dtype + " " + shape
                + " without values";
    }
}
