package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.IndexException;
import java.util.List;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.SoftmaxKernels;

/// Folds made of several operators: spread, length, and the exponential family. Axes as in [Reductions].
/// Integers and truth values become f32 first.
///
/// @param <T> the kind of value
public interface Statistics<T extends TensorOps<T>> extends Value<T> {
    /// Variance over all axes, see [#var(int, int...)].
    default T var(int correction) {
        return var(correction, Axes.all(shape().rank()));
    }

    /// Variance over some axes: `Σ (x − mean)² / (n − correction)`. Exactly 0, with gradient 0, where all
    /// values are the same. NaN of one value with correction 1: there is no spread to estimate from.
    ///
    /// @param correction 1 for the unbiased estimate, 0 for the mean square
    default T var(int correction, int... axes) {
        T y = varKeep(correction, axes);
        return y.reshape(shape().reduced(shape().mark(axes), false));
    }

    /// Variance over all axes, which stay with size 1, see [#var(int, int...)].
    default T varKeep(int correction) {
        return varKeep(correction, Axes.all(shape().rank()));
    }

    /// Variance over some axes, which stay with size 1, see [#var(int, int...)].
    default T varKeep(int correction, int... axes) {
        T x = self().floating();
        double n = Spread.divisor("var", x, correction, axes);
        return x.device().backend().find(MomentKernels.class) == null
                ? Spread.squares(x, axes).sumKeep(axes).div(n)
                : x.applyAll(new Variance(n, axes), List.of(x)).get(0);
    }

    /// Standard deviation over all axes, see [#std(int, int...)].
    default T std(int correction) {
        return Spread.root(var(correction));
    }

    /// Standard deviation over some axes, the root of [#var(int, int...)]. Where it is 0, so is its gradient.
    default T std(int correction, int... axes) {
        shape().mark("std", axes);
        return Spread.root(var(correction, axes));
    }

    /// Standard deviation over all axes, which stay with size 1, see [#std(int, int...)].
    default T stdKeep(int correction) {
        return stdKeep(correction, Axes.all(shape().rank()));
    }

    /// Standard deviation over some axes, which stay with size 1, see [#std(int, int...)].
    default T stdKeep(int correction, int... axes) {
        shape().mark("std", axes);
        return Spread.root(varKeep(correction, axes));
    }

    /// Euclidean norm over all axes, see [#norm(int...)].
    default T norm() {
        return norm(Axes.all(shape().rank()));
    }

    /// Euclidean norm over some axes: `√(Σ x²)`. Where it is 0, so is its gradient, at every order.
    default T norm(int... axes) {
        shape().mark("norm", axes);
        return Spread.root(self().floating().square().sum(axes));
    }

    /// Euclidean norm over all axes, which stay with size 1, see [#norm(int...)].
    default T normKeep() {
        return normKeep(Axes.all(shape().rank()));
    }

    /// Euclidean norm over some axes, which stay with size 1, see [#norm(int...)].
    default T normKeep(int... axes) {
        shape().mark("norm", axes);
        return Spread.root(self().floating().square().sumKeep(axes));
    }

    /// `ln Σ e^x` over all axes, see [#logSumExp(int...)].
    default T logSumExp() {
        return logSumExp(Axes.all(shape().rank()));
    }

    /// `ln Σ e^x` over some axes, without overflow; −∞ of nothing.
    default T logSumExp(int... axes) {
        T y = logSumExpKeep(axes);
        return y.reshape(shape().reduced(shape().mark(axes), false));
    }

    /// `ln Σ e^x` over all axes, which stay with size 1, see [#logSumExp(int...)].
    default T logSumExpKeep() {
        return logSumExpKeep(Axes.all(shape().rank()));
    }

    /// `ln Σ e^x` over some axes, which stay with size 1, see [#logSumExp(int...)].
    default T logSumExpKeep(int... axes) {
        T x = self().floating();
        T top = Spread.peak("logSumExp", x, axes);
        return x.sub(top).exp().sumKeep(axes).log().add(top);
    }

    /// `e^x / Σ e^x` along an axis, without overflow.
    default T softmax(int axis) {
        T x = self().floating();
        return fused(x) ? x.apply(new Softmax(axis)) : Composites.softmax(x, axis);
    }

    /// `x − ln Σ e^x` along an axis, the logarithm of [#softmax(int)] without its loss of digits.
    default T logSoftmax(int axis) {
        T x = self().floating();
        return fused(x) ? x.apply(new LogSoftmax(axis)) : Composites.logSoftmax(x, axis);
    }

    /// Cross entropy of these logits and the right class: `−logSoftmax(1)[target]`, [N, C, *] → [N, *].
    ///
    /// @param target [N, *], whole numbers from 0 to C − 1
    /// @throws wengert.tensor.spi.ShapeException if the shapes do not fit, or a class does not exist
    default T crossEntropy(HasValue target) {
        T x = self().floating();
        T classes = Indices.whole("crossEntropy", "target", lift(target));
        CrossEntropy.checked(x.shape(), classes.shape());
        try {
            return fused(x) ? x.apply(new CrossEntropy(), classes) : Composites.crossEntropy(x, classes);
        } catch (IndexException e) {
            int[] at = e.position(); // in [N, 1, *]
            System.arraycopy(at, 2, at, 1, at.length - 2);
            throw Indices.noClass("crossEntropy", "target", e, Arrays.copyOf(at, at.length - 1),
                    x.shape().size(1));
        }
    }

    private static <T extends TensorOps<T>> boolean fused(T x) {
        return x.device().backend().find(SoftmaxKernels.class) != null;
    }
}
