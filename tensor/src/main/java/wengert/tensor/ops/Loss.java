package wengert.tensor.ops;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// A loss of values and targets, folded in the same pass: `y = Σ share · l(x, t)`, l as [LossForm.Kind] says.
/// Shapes: x, t [*] → y a scalar, or [*] where nothing is folded. Floats.
/// Gradient: `dx = dy · share · l'(x, t)`, which is [LossGradient]. A loss of `x − t` has `dt = −dx`; cross
/// entropy has `dt = −dy · share · x`, of probabilities `dt = dy · share · (ln'(1 − x) − ln'(x))`; the hinge
/// is symmetric in x and t. Keeps x and t.
///
/// @param form which loss, and what becomes of its numbers
record Loss(LossForm form) implements Op {
    @Override
    public Spec[] infer(Spec[] in) {
        return new Spec[] {Spec.of(form.fold() == LossForm.Fold.NONE ? in[0].shape() : Shape.SCALAR,
                in[0].dtype())};
    }

    /// Refuses targets of another shape.
    static void checked(Spec x, Spec t) {
        if (!t.shape().equals(x.shape())) {
            throw new ShapeException("loss: values and targets must have one shape, got " + x.shape()
                    + " and " + t.shape());
        }
    }

    @Override
    public void forward(Backend k, View[] in, View[] out) {
        k.find(LossKernels.class).loss(form, in[0], in[1], out[0]);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> List<T> gradients(Saved<T> s, List<T> dys) {
        T dy = dys.get(0);
        T x = s.input(0);
        T t = s.input(1);
        var rule = new LossGradient(form);
        boolean difference = switch (form.kind()) {
            case SQUARED, ABSOLUTE, SMOOTH -> true;
            case BCE, PROBABILITY, HINGE -> false;
        };
        T dx = s.needs(0) || difference ? x.apply(rule, t, dy) : null;
        T dt = null;
        if (s.needs(1)) {
            double share = form.share(x.shape().elements());
            dt = switch (form.kind()) {
                case SQUARED, ABSOLUTE, SMOOTH -> dx.neg();
                case BCE -> x.mul(dy).mul(-share);
                case PROBABILITY -> Composites.floored(Composites.not(x)).sub(Composites.floored(x)).mul(dy)
                        .mul(share);
                case HINGE -> t.apply(rule, x, dy);
            };
        }
        return Arrays.asList(s.needs(0) ? dx : null, dt);
    }
}
