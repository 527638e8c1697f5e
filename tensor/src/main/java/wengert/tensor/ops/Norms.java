package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

// N batch, C channels, M values that share one mean and variance.
/// Normalisations: subtract a mean, divide by a standard deviation (of the biased variance plus eps), then scale and
/// shift. They differ in what the statistics are over. Floats; every order of derivative is right, also where gamma
/// is 0.
///
/// @param <T> the kind of value
public interface Norms<T extends TensorOps<T>> extends Value<T> {
    /// Batch normalisation of this [N, C] or [N, C, *] with the statistics of the batch, over all axes but the
    /// second: `y = gamma · (x − mean) / √(var + eps) + beta`.
    ///
    /// @param gamma scale `[C]`, or null for 1
    /// @param beta  shift `[C]`, or null for 0
    /// @param eps   added to the variance
    /// @return the result and the statistics; the running averages are the caller's
    /// @throws ShapeException if there are fewer than two values per channel, or an operand is not `[C]`
    default Normalized<T> batchNorm(HasValue gamma, HasValue beta, double eps) {
        T x = self();
        Shape s = shape();
        if (s.rank() < 2) {
            throw new ShapeException("batchNorm: input must be [N, C] or [N, C, *], got " + s);
        }
        Shape channel = Shape.of(s.size(1));
        long values = s.size(1) == 0 ? 2 : s.elements() / s.size(1);
        if (values < 2) {
            throw new ShapeException("batchNorm: training needs more than one value per channel, but input " + s
                    + " has " + values + "; use a larger batch, or eval mode");
        }
        T scale = gamma == null ? x.filled(channel, dtype(), 1) : lift(gamma);
        T shift = beta == null ? x.filled(channel, dtype(), 0) : lift(beta);
        List<T> out = applyAll(new BatchNorm(eps), List.of(x, scale, shift));
        return new Normalized<>(out.get(0), out.get(1), out.get(2));
    }

    /// Batch normalisation of this [N, C] or [N, C, *] with given statistics, an affine function of this. Nothing of
    /// the statistics themselves is kept for the way back, so they may be updated in place afterwards.
    ///
    /// @param mean  `[C]`
    /// @param var   `[C]`
    /// @param gamma scale `[C]`, or null for 1
    /// @param beta  shift `[C]`, or null for 0
    /// @param eps   added to the variance
    /// @throws ShapeException if an operand is not `[C]`
    default T batchNormEval(HasValue mean, HasValue var, HasValue gamma, HasValue beta, double eps) {
        T x = self();
        String op = "batchNorm";
        NormShapes.perChannel(op, view(), "mean", mean.view());
        NormShapes.perChannel(op, view(), "var", var.view());
        if (gamma != null) {
            NormShapes.perChannel(op, view(), "gamma", gamma.view());
        }
        if (beta != null) {
            NormShapes.perChannel(op, view(), "beta", beta.view());
        }
        Shape along = NormShapes.alongChannel(shape());
        T scale = NormShapes.inverseRoot(lift(var), eps);
        if (gamma != null) {
            scale = scale.mul(gamma);
        }
        T y = x.sub(lift(mean).reshape(along)).mul(scale.reshape(along));
        return beta == null ? y : y.add(lift(beta).reshape(along));
    }
}
