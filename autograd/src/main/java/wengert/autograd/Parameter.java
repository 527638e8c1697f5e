package wengert.autograd;

import wengert.tensor.Tensor;
import wengert.tensor.spi.ShapeException;

/// A leaf that is trained: it requires gradients, has a name, and keeps its identity for life. Loading a state
/// replaces the numbers inside.
public final class Parameter extends Variable {
    private final String name;

    /// @param name  as in the state dict: `body.0.weight`
    /// @param value first numbers; owned by no scope
    public Parameter(String name, Tensor value) {
        super(value, true);
        this.name = name;
        value.view().storage().label(name);
    }

    /// The name.
    public String name() {
        return name;
    }

    /// Replaces the numbers, for example by those of a checkpoint or of another device. Gradient and flag stay.
    ///
    /// @param value of this parameter's shape
    public void replace(Tensor value) {
        if (!value.shape().equals(shape())) {
            throw new ShapeException("parameter '" + name + "': expected shape " + shape() + ", got "
                    + value.shape());
        }
        value.view().storage().label(name);
        value(value);
    }
}
