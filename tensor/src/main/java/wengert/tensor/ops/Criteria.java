package wengert.tensor.ops;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.Shape;

/// Losses as one operator each: values are read once, forward and backward, and nothing is stored between.
/// What they are called elsewhere, with their checks, is in module wengert.nn.
///
/// @param <T> the kind of value
public interface Criteria<T extends TensorOps<T>> extends Value<T> {
    /// A loss of these values.
    ///
    /// @param target of this shape; both are brought to their common dtype
    /// @return a scalar, or of this shape where the form folds nothing
    /// @throws wengert.tensor.spi.ShapeException if the shapes differ
    default T loss(LossForm form, HasValue target) {
        T x = self().floating();
        T t = lift(target);
        Loss.checked(x.view(), t.view());
        DType common = DType.promote(x.dtype(), t.dtype());
        return applied(form, x.to(common), t.to(common));
    }

    /// A loss of these values, with one target for all.
    default T loss(LossForm form, double target) {
        T x = self().floating();
        return applied(form, x, x.filled(Shape.SCALAR, x.dtype(), target).expand(x.shape()));
    }

    private static <T extends TensorOps<T>> T applied(LossForm form, T x, T t) {
        return x.device().backend().find(LossKernels.class) == null ? Composites.loss(form, x, t)
                : x.apply(new Loss(form), t);
    }
}
