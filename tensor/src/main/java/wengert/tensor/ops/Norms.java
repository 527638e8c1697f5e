package wengert.tensor.ops;

import java.util.List;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

// N batch, C channels, M values that share one mean and variance.
/// Normalisations: subtract a mean, divide by a standard deviation (of the biased variance plus eps), then
/// scale and shift. They differ in what the statistics are over. Floats; every order of derivative is right,
/// also where gamma is 0.
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
        T x = self();
        Shape s = shape();
        if (s.rank() < 2) {
            throw new ShapeException("batchNorm: input must be [N, C] or [N, C, *], got " + s);
        }
        Shape channel = Shape.of(s.size(1));
        long values = s.size(1) == 0 ? 2 : s.elements() / s.size(1);
        if (values < 2) {
            throw new ShapeException("batchNorm: training needs more than one value per channel, but input "
                    + s + " has " + values + "; use a larger batch, or eval mode");
        }
        T scale = gamma == null ? x.filled(channel, dtype(), 1) : lift(gamma);
        T shift = beta == null ? x.filled(channel, dtype(), 0) : lift(beta);
        return fused(x, scale, shift, eps);
    }

    /// By the backend's kernels, or as the composite where it has none.
    private static <T extends TensorOps<T>> Normalized<T> fused(T x, T gamma, T beta, double eps) {
        var op = new BatchNorm(eps);
        if (x.device().backend().find(NormKernels.class) == null) {
            op.infer(new Spec[] {x.view(), gamma.view(), beta.view()});
            return Composites.batchNorm(x, gamma, beta, eps);
        }
        List<T> out = x.applyAll(op, List.of(x, gamma, beta));
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
        Shape s = shape();
        if (axes < 1 || axes > s.rank()) {
            throw new ShapeException("layerNorm: can normalise the last 1 to " + s.rank() + " axes of input "
                    + s + ", got " + axes);
        }
        Shape inner = Shape.of(java.util.Arrays.copyOfRange(s.toArray(), s.rank() - axes, s.rank()));
        return normalised("layerNorm", inner.elements(), eps, inner, inner, gamma, beta);
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
        Shape s = shape();
        if (s.rank() < 2 || groups < 1 || s.size(1) % groups != 0) {
            throw new ShapeException("groupNorm: input must be [N, C, *] with C a multiple of groups="
                    + groups + ", got " + s);
        }
        long values = s.elements() / Math.max(1L, (long) s.size(0) * groups);
        return normalised("groupNorm", values, eps, Shape.of(s.size(1)), NormShapes.alongChannel(s), gamma,
                beta);
    }

    /// Instance normalisation of this [N, C, *]: every channel of every sample by itself.
    ///
    /// @param gamma scale `[C]`, or null for 1
    /// @param beta  shift `[C]`, or null for 0
    /// @param eps   added to the variance
    /// @throws ShapeException if a channel has fewer than two values, or an operand is not `[C]`
    default T instanceNorm(HasValue gamma, HasValue beta, double eps) {
        Shape s = shape();
        if (s.rank() < 3) {
            throw new ShapeException("instanceNorm: input must be [N, C, *] with at least 3 axes, got " + s);
        }
        long values = s.elements() / Math.max(1L, (long) s.size(0) * s.size(1));
        if (values == 1) {
            throw new ShapeException("instanceNorm: more than one value per channel is needed, but input " + s
                    + " has 1");
        }
        return normalised("instanceNorm", values, eps, Shape.of(s.size(1)), NormShapes.alongChannel(s), gamma,
                beta);
    }

    /// `standardised(x) · gamma + beta`.
    ///
    /// @param m     values that share one mean
    /// @param want  shape of gamma and beta
    /// @param along that shape with the axes of size 1 that make it broadcast
    private T normalised(String op, long m, double eps, Shape want, Shape along, HasValue gamma,
            HasValue beta) {
        T x = self().floating();
        if (gamma != null) {
            NormShapes.operand(op, x.view(), "gamma", gamma.view(), want);
        }
        if (beta != null) {
            NormShapes.operand(op, x.view(), "beta", beta.view(), want);
        }
        T y = standardised(x, m, eps);
        y = gamma == null ? y : y.mul(lift(gamma).reshape(along));
        return beta == null ? y : y.add(lift(beta).reshape(along));
    }

    /// Every run of `m` consecutive elements brought to mean 0 and variance 1: batch normalisation of
    /// [1, runs, m], whose channels are the runs, so that its kernels and its rules of every order serve here
    /// too.
    private static <T extends TensorOps<T>> T standardised(T x, long m, double eps) {
        if (x.shape().elements() == 0) {
            return x;
        }
        int runs = (int) (x.shape().elements() / m);
        Shape channel = Shape.of(runs);
        T rows = x.reshape(1, runs, (int) m);
        return fused(rows, x.filled(channel, x.dtype(), 1), x.filled(channel, x.dtype(), 0), eps).y()
                .reshape(x.shape());
    }
}
