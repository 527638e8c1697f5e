package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An operator with one output; its gradient rule is asked input by input.
public interface SingleOp extends Op {
    /// The shape rule.
    Spec inferOne(Spec[] in);

    /// Computes the output.
    void forward(Backend k, View[] in, View out);

    /// The gradient of input `i`.
    ///
    /// @param i  an input whose gradient is wanted
    /// @param s  what was kept
    /// @param dy gradient of the output
    /// @return the gradient, or null if it is structurally zero
    <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy);

    @Override
    default Spec[] infer(Spec[] in) {
        return new Spec[] {inferOne(in)};
    }

    @Override
    default void forward(Backend k, View[] in, View[] out) {
        forward(k, in, out[0]);
    }

    @Override
    default <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T dy = dys.get(0);
        List<T> dxs = new ArrayList<>(s.inputs());
        for (int i = 0; i < s.inputs(); i++) {
            dxs.add(s.needs(i) ? gradient(i, s, dy) : null);
        }
        return dxs;
    }
}
