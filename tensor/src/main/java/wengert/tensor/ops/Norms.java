package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

// N batch, C channels, M values that share one mean and variance.
/// Normalisations: subtract a mean, divide by a standard deviation (of the biased variance plus eps), then
/// scale and shift. They differ in what the statistics are over. Floats; every order of derivative is right,
/// also where gamma is 0.
///
/// Each takes a slope as well, for the leaky rectifier that often follows, `z > 0 ? z : slope · z`: 1 for
/// none, 0 for ReLU. The result is that of the two operators one after the other, bit for bit, but nothing is
/// kept of what lies between them.
///
/// @param <T> the kind of value
public interface Norms<T extends TensorOps<T>> extends Value<T> {
    /// Batch normalisation of this [N, C] or [N, C, *] with the statistics of the batch, over all axes but
    /// the second: `y = gamma · (x − mean) / √(var + eps) + beta`.
    ///
    /// @param gamma scale `[C]`, or null for 1
    /// @param beta  shift `[C]`, or null for 0
    /// @param eps   added to the variance
    /// @return the result and the statistics; the running averages are the caller's
    /// @throws ShapeException if there are fewer than two values per channel, or an operand is not `[C]`
    default Normalized<T> batchNorm(HasValue gamma, HasValue beta, double eps) {
        return batchNorm(gamma, beta, eps, 1);
    }

    /// Batch normalisation, as [#batchNorm(HasValue, HasValue, double)], and a leaky rectifier.
    ///
    /// @param slope of the rectifier: 1 for none, 0 for ReLU
    default Normalized<T> batchNorm(HasValue gamma, HasValue beta, double eps, double slope) {
        T x = self();
        Shape s = shape();
        if (s.rank() < 2) {
            throw new ShapeException("batchNorm: input must be [N, C] or [N, C, *], got " + s);
        }
        long values = s.size(1) == 0 ? 2 : s.elements() / s.size(1);
        if (values < 2) {
            throw new ShapeException("batchNorm: training needs more than one value per channel, but input "
                    + s + " has " + values + "; use a larger batch, or eval mode");
        }
        return fused(x, gamma, beta, new NormForm(0, eps, slope));
    }

    /// By the backend's kernels, or as the composite where it has none.
    private static <T extends TensorOps<T>> Normalized<T> fused(T x, HasValue gamma, HasValue beta,
            NormForm form) {
        Shape channel = Shape.of(x.shape().size(1));
        T scale = gamma == null ? x.filled(channel, x.dtype(), 1) : x.lift(gamma);
        T shift = beta == null ? x.filled(channel, x.dtype(), 0) : x.lift(beta);
        var op = new Normalise(form);
        if (x.device().backend().find(NormKernels.class) == null) {
            op.infer(new Spec[] {x.view(), scale.view(), shift.view()});
            return Composites.normalise(x, scale, shift, form);
        }
        List<T> out = x.applyAll(op, List.of(x, scale, shift));
        return new Normalized<>(out.get(0), out.get(1), out.get(2));
    }

    /// Batch normalisation of this [N, C] or [N, C, *] with given statistics, an affine function of this.
    /// Nothing of the statistics themselves is kept for the way back, so they may be updated in place
    /// afterwards.
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

    /// Layer normalisation: every sample by itself, over the last axes.
    ///
    /// @param axes  how many axes, from the end, share one mean and variance
    /// @param gamma scale of the shape of those axes, or null for 1
    /// @param beta  shift of the shape of those axes, or null for 0
    /// @param eps   added to the variance
    /// @throws ShapeException if there are fewer axes, or an operand has another shape
    default T layerNorm(int axes, HasValue gamma, HasValue beta, double eps) {
        return layerNorm(axes, gamma, beta, eps, 1);
    }

    /// Layer normalisation, as [#layerNorm(int, HasValue, HasValue, double)], and a leaky rectifier.
    ///
    /// @param slope of the rectifier: 1 for none, 0 for ReLU
    default T layerNorm(int axes, HasValue gamma, HasValue beta, double eps, double slope) {
        Shape s = shape();
        if (axes < 1 || axes > s.rank()) {
            throw new ShapeException("layerNorm: can normalise the last 1 to " + s.rank() + " axes of input "
                    + s + ", got " + axes);
        }
        Shape inner = Shape.of(java.util.Arrays.copyOfRange(s.toArray(), s.rank() - axes, s.rank()));
        int rows = Shape.of(java.util.Arrays.copyOf(s.toArray(), s.rank() - axes)).length();
        return normalised("layerNorm", inner, Shape.of(rows, inner.length()), 1, gamma, beta, eps, slope);
    }

    /// Group normalisation of this [N, C, *]: every sample by itself, over the other axes and the channels of
    /// one group.
    ///
    /// @param groups into how many groups the channels are split
    /// @param gamma  scale `[C]`, or null for 1
    /// @param beta   shift `[C]`, or null for 0
    /// @param eps    added to the variance
    /// @throws ShapeException if the channels do not divide, or an operand is not `[C]`
    default T groupNorm(int groups, HasValue gamma, HasValue beta, double eps) {
        return groupNorm(groups, gamma, beta, eps, 1);
    }

    /// Group normalisation, as [#groupNorm(int, HasValue, HasValue, double)], and a leaky rectifier.
    ///
    /// @param slope of the rectifier: 1 for none, 0 for ReLU
    default T groupNorm(int groups, HasValue gamma, HasValue beta, double eps, double slope) {
        Shape s = shape();
        if (s.rank() < 2 || groups < 1 || s.size(1) % groups != 0) {
            throw new ShapeException("groupNorm: input must be [N, C, *] with C a multiple of groups="
                    + groups + ", got " + s);
        }
        return normalised("groupNorm", Shape.of(s.size(1)), s, groups, gamma, beta, eps, slope);
    }

    /// Instance normalisation of this [N, C, *]: every channel of every sample by itself.
    ///
    /// @param gamma scale `[C]`, or null for 1
    /// @param beta  shift `[C]`, or null for 0
    /// @param eps   added to the variance
    /// @throws ShapeException if a channel has fewer than two values, or an operand is not `[C]`
    default T instanceNorm(HasValue gamma, HasValue beta, double eps) {
        return instanceNorm(gamma, beta, eps, 1);
    }

    /// Instance normalisation, as [#instanceNorm(HasValue, HasValue, double)], and a leaky rectifier.
    ///
    /// @param slope of the rectifier: 1 for none, 0 for ReLU
    default T instanceNorm(HasValue gamma, HasValue beta, double eps, double slope) {
        Shape s = shape();
        if (s.rank() < 3) {
            throw new ShapeException("instanceNorm: input must be [N, C, *] with at least 3 axes, got " + s);
        }
        long values = s.elements() / Math.max(1L, (long) s.size(0) * s.size(1));
        if (values == 1) {
            throw new ShapeException("instanceNorm: more than one value per channel is needed, but input " + s
                    + " has 1");
        }
        return normalised("instanceNorm", Shape.of(s.size(1)), s, s.size(1), gamma, beta, eps, slope);
    }

    /// Normalisation by groups of this, seen under another shape.
    ///
    /// @param want shape of gamma and beta
    /// @param as   [N, C, *] with as many channels as those have elements
    private T normalised(String op, Shape want, Shape as, int groups, HasValue gamma, HasValue beta,
            double eps, double slope) {
        T x = self().floating();
        if (gamma != null) {
            NormShapes.operand(op, x.view(), "gamma", gamma.view(), want);
        }
        if (beta != null) {
            NormShapes.operand(op, x.view(), "beta", beta.view(), want);
        }
        Shape channel = Shape.of(as.size(1));
        return fused(x.reshape(as), gamma == null ? null : lift(gamma).reshape(channel),
                beta == null ? null : lift(beta).reshape(channel), new NormForm(groups, eps, slope)).y()
                .reshape(x.shape());
    }
}
