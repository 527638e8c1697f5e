package wengert.nn.loss;

import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossForm.Fold;
import wengert.tensor.spi.LossForm.Kind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// How far predictions are from what they should be. Written once over the kind of value: on tensors a
/// number, on variables a number that can be differentiated, any number of times, with respect to the target
/// too.
///
/// Prediction and target must have the same shape: they never broadcast, since `[N, 1]` against `[N]` would
/// compare every prediction with every target and still give a plausible number. Targets of integers or truth
/// values take the prediction's dtype. Without a [Reduction] the mean is taken.
public final class Losses {
    private Losses() {
    }

    /// Mean squared error, see [#mse(TensorOps, HasValue, Reduction)].
    public static <T extends TensorOps<T>> T mse(T x, HasValue target) {
        return mse(x, target, Reduction.MEAN);
    }

    /// Squared error: `(x − t)²`.
    ///
    /// @throws ShapeException if the shapes differ
    public static <T extends TensorOps<T>> T mse(T x, HasValue target, Reduction reduction) {
        return x.loss(form(Kind.SQUARED, 0, reduction), matching("mse", x, target));
    }

    /// Mean absolute error, see [#l1(TensorOps, HasValue, Reduction)].
    public static <T extends TensorOps<T>> T l1(T x, HasValue target) {
        return l1(x, target, Reduction.MEAN);
    }

    /// Absolute error: `|x − t|`; its gradient at 0 is 0.
    ///
    /// @throws ShapeException if the shapes differ
    public static <T extends TensorOps<T>> T l1(T x, HasValue target, Reduction reduction) {
        return x.loss(form(Kind.ABSOLUTE, 0, reduction), matching("l1", x, target));
    }

    /// Mean smooth absolute error, see [#smoothL1(TensorOps, HasValue, double, Reduction)].
    public static <T extends TensorOps<T>> T smoothL1(T x, HasValue target, double beta) {
        return smoothL1(x, target, beta, Reduction.MEAN);
    }

    /// Smooth absolute error: with `d = |x − t|`, `d² / (2 beta)` below beta and `d − beta/2` from there on.
    ///
    /// @param beta where the parabola ends, above 0
    /// @throws ShapeException if the shapes differ
    public static <T extends TensorOps<T>> T smoothL1(T x, HasValue target, double beta,
            Reduction reduction) {
        if (!(beta > 0)) {
            throw new TensorException("smoothL1: beta must be above 0, got " + beta + "; for 0 use l1");
        }
        return x.loss(form(Kind.SMOOTH, beta, reduction), matching("smoothL1", x, target));
    }

    /// Mean binary cross entropy of probabilities, see [#bce(TensorOps, HasValue, Reduction)].
    public static <T extends TensorOps<T>> T bce(T p, HasValue target) {
        return bce(p, target, Reduction.MEAN);
    }

    /// Binary cross entropy of probabilities: `−t · ln p − (1 − t) · ln(1 − p)`, where no logarithm is taken
    /// below −100; there its gradient is 0. From logits use [#bceWithLogits(TensorOps, HasValue, Reduction)],
    /// which loses no digits.
    ///
    /// @param p      from 0 to 1
    /// @param target from 0 to 1
    /// @throws ShapeException if the shapes differ
    public static <T extends TensorOps<T>> T bce(T p, HasValue target, Reduction reduction) {
        return p.loss(form(Kind.PROBABILITY, 0, reduction), matching("bce", p, target));
    }

    /// Mean binary cross entropy of logits, see [#bceWithLogits(TensorOps, HasValue, Reduction)].
    public static <T extends TensorOps<T>> T bceWithLogits(T x, HasValue target) {
        return bceWithLogits(x, target, Reduction.MEAN);
    }

    /// Binary cross entropy of logits: `t · softplus(−x) + (1 − t) · softplus(x)`. No term is a difference,
    /// so value and derivatives keep their digits far from 0: at x = 40 and t = 1 the gradient is −σ(−40),
    /// not 0.
    ///
    /// @param target from 0 to 1
    /// @throws ShapeException if the shapes differ
    public static <T extends TensorOps<T>> T bceWithLogits(T x, HasValue target, Reduction reduction) {
        return x.loss(form(Kind.BCE, 0, reduction), matching("bceWithLogits", x, target));
    }

    /// Mean cross entropy, see [#crossEntropy(TensorOps, HasValue, Reduction)].
    public static <T extends TensorOps<T>> T crossEntropy(T x, HasValue target) {
        return crossEntropy(x, target, Reduction.MEAN);
    }

    /// Cross entropy of logits and the right class: `−ln softmax(x)[target]`.
    ///
    /// @param x      logits [N, C, *]
    /// @param target classes [N, *], whole numbers from 0 to C − 1
    /// @throws ShapeException if the shapes do not fit or a class does not exist
    public static <T extends TensorOps<T>> T crossEntropy(T x, HasValue target, Reduction reduction) {
        Shape logits = x.shape();
        T t = x.lift(target);
        if (logits.rank() < 2 || !logits.reduced(logits.mark(1), false).equals(t.shape())) {
            throw new ShapeException("crossEntropy: expected logits [N, C, *] and target classes [N, *], got "
                    + logits + " and " + t.shape());
        }
        if (t.dtype().isFloating()) {
            throw new DTypeException("crossEntropy: target classes must be whole numbers (i32 or i64), got "
                    + t.dtype() + " " + t.shape());
        }
        return reduction.of(x.crossEntropy(t));
    }

    /// Hinge loss of a discriminator: `max(1 − x, 0)` for what is real, `max(1 + x, 0)` for what is not, the
    /// mean of it.
    ///
    /// @param x    scores
    /// @param real whether the scores are of real data
    public static <T extends TensorOps<T>> T hingeDiscriminator(T x, boolean real) {
        return hingeDiscriminator(x, real, Reduction.MEAN);
    }

    /// Hinge loss of a discriminator, see [#hingeDiscriminator(TensorOps, boolean)].
    public static <T extends TensorOps<T>> T hingeDiscriminator(T x, boolean real, Reduction reduction) {
        return x.loss(form(Kind.HINGE, 0, reduction), real ? 1 : -1);
    }

    /// Hinge loss of a generator: `−x`, the mean of it.
    ///
    /// @param x scores of what was generated
    public static <T extends TensorOps<T>> T hingeGenerator(T x) {
        return hingeGenerator(x, Reduction.MEAN);
    }

    /// Hinge loss of a generator, see [#hingeGenerator(TensorOps)].
    public static <T extends TensorOps<T>> T hingeGenerator(T x, Reduction reduction) {
        return reduction.of(x.neg());
    }

    private static LossForm form(Kind kind, double p, Reduction reduction) {
        return new LossForm(kind, p, switch (reduction) {
            case MEAN -> Fold.MEAN;
            case SUM -> Fold.SUM;
            case NONE -> Fold.NONE;
        });
    }

    private static <T extends TensorOps<T>> T matching(String loss, T x, HasValue target) {
        T t = x.lift(target);
        if (!t.shape().equals(x.shape())) {
            throw new ShapeException(loss + ": prediction and target must have the same shape, got "
                    + x.shape() + " and " + t.shape() + "; losses do not broadcast, so reshape one of them");
        }
        return t.dtype().isFloating() ? t : t.to(x.dtype());
    }
}
