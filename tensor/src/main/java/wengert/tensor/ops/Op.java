package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An operator, defined in one place: its equation (doc comment), its shape rule, what it keeps for the way
/// back, its forward pass in kernels, and its gradient rule. The rule is generic over the kind of value, so
/// it serves every order of derivative: on tensors nothing is recorded, on variables the gradient can be
/// differentiated again.
///
/// Rules never sum over broadcast axes: who chains the rules does that, in one place. A gradient that is
/// structurally zero is null, never a tensor of zeros.
///
/// The interface is open: an operator of your own is used through `x.apply(new Cube())`. Most operators have
/// one output and implement [SingleOp], which has a whole one as its example.
public interface Op {
    /// Name for messages and listings: `conv2d`.
    default String name() {
        String n = getClass().getSimpleName();
        return n.isEmpty() ? "op" : Character.toLowerCase(n.charAt(0)) + n.substring(1);
    }

    /// The shape rule.
    ///
    /// @param in forms of the inputs
    /// @return forms of the outputs
    /// @throws wengert.tensor.spi.TensorException if the inputs do not fit
    Spec[] infer(Spec[] in);

    /// The result as a view of the first input, where no element has to be computed.
    ///
    /// @param in what was passed
    /// @return the view, or null if [#forward] has to run
    default View alias(View in) {
        return null;
    }

    /// Where the outputs live: where the inputs do, unless this operator moves values.
    default Device target(Device inputs) {
        return inputs;
    }

    /// Computes the outputs.
    ///
    /// @param k   backend of the device everything lives on
    /// @param in  inputs, any strides
    /// @param out outputs as inferred, contiguous, content undefined; every element must be written
    void forward(Backend k, View[] in, View[] out);

    /// Floating-point operations of [#forward], a multiply-add counting two, where they are what takes the
    /// time: products and convolutions. 0 for operators that are bound by memory.
    default double flops(View[] in, View[] out) {
        return 0;
    }

    /// Whether the gradient rule looks at input `i`, given which gradients are wanted.
    ///
    /// @param needs one flag per input
    default boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    /// Whether the gradient rule looks at output `j`.
    default boolean savesOutput(int j) {
        return false;
    }

    /// Whether gradients flow through output `j` at all.
    default boolean differentiable(int j) {
        return true;
    }

    /// The gradient rule, a vector-Jacobian product.
    ///
    /// @param s   what was kept
    /// @param dys gradient of each output, null where it is structurally zero; at least one is not null
    /// @return gradient of each input, in a list that may hold nulls (so not `List.of`): of the input's own
    ///         shape, or of the larger one the input was broadcast to; null where it is not needed or
    ///         structurally zero
    <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys);
}
