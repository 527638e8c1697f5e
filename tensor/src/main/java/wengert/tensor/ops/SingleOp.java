package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An operator with one output; its gradient rule is asked input by input. A whole one, right at every order:
///
/// ```java
/// record Cube() implements SingleOp {                                  // y = x³
///     public Spec inferOne(Spec[] in) {
///         return in[0];                                                // y has x's shape and dtype
///     }
///
///     public void forward(Backend k, View[] in, View out) {
///         k.unary(UnaryKind.POW, 3, 0, in[0], out);
///     }
///
///     public boolean savesInput(int i, boolean[] needs) {
///         return true;                                                 // the rule looks at x
///     }
///
///     public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
///         return dy.mul(s.input(0).square()).mul(3);                   // dx = dy · 3x²
///     }
/// }
/// ```
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
