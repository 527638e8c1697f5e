package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Init;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Normalized;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// Batch normalisation (Ioffe and Szegedy 2015), what [BatchNorm1d] and [BatchNorm2d] share:
/// `y = weight · (x − mean) / √(var + eps) + bias`, per channel, the second axis.
///
/// In training mode mean and (biased) variance are those of the batch, and the running ones move:
/// `running ← (1 − momentum) · running + momentum · batch`, with the unbiased variance; without a momentum
/// they are plain averages over all batches. In evaluation mode the running ones are used, or the batch's
/// where none are tracked.
///
/// State: `weight` (starts at 1) and `bias` (0), `[C]`; buffers `running_mean` (0), `running_var` (1), `[C]`,
/// and `num_batches_tracked`, i64 `[]`.
///
/// ```java
/// var norm = new BatchNorm2d(64);
/// norm.init(Generator.seeded(1));
/// norm.forward(x);   // normalised by the batch; the running statistics move
/// norm.eval();
/// norm.forward(x);   // normalised by the running statistics
/// ```
public abstract class BatchNorm extends Module implements Rectifiable {
    /// Settings of a batch normalisation.
    ///
    /// @param eps      added to the variance
    /// @param momentum share of a batch in the running statistics; null for plain averages
    /// @param affine   whether there are a scale and a shift
    /// @param track    whether there are running statistics
    public record Options(double eps, Double momentum, boolean affine, boolean track) {
        /// Checks the ranges.
        public Options {
            if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
                throw new TensorException("batch norm: eps must be a finite number of at least 0, got "
                        + eps);
            }
            if (momentum != null && !(momentum >= 0 && momentum <= 1)) {
                throw new TensorException("batch norm: momentum must be in [0, 1] or null, got " + momentum);
            }
        }

        /// Eps 1e-5, momentum 0.1, affine, tracking.
        public static Options standard() {
            return new Options(1e-5, 0.1, true, true);
        }

        /// The same with another eps.
        public Options eps(double value) {
            return new Options(value, momentum, affine, track);
        }

        /// The same with another momentum; null for plain averages over all batches.
        public Options momentum(Double value) {
            return new Options(eps, value, affine, track);
        }

        /// The same with or without scale and shift.
        public Options affine(boolean on) {
            return new Options(eps, momentum, on, track);
        }

        /// The same with or without running statistics.
        public Options track(boolean on) {
            return new Options(eps, momentum, affine, on);
        }
    }

    private final int features;
    private final Options options;
    private final Parameter weight;
    private final Parameter bias;
    private final Buffer mean;
    private final Buffer var;
    private final Buffer batches;

    /// Declares the state.
    BatchNorm(int features, Options options) {
        this.features = features;
        this.options = options;
        Shape c = Shape.of(features);
        weight = options.affine ? parameter("weight", c, Init.ones()) : null;
        bias = options.affine ? parameter("bias", c, Init.zeros()) : null;
        mean = options.track ? buffer("running_mean", c, DType.F32, Init.zeros()) : null;
        var = options.track ? buffer("running_var", c, DType.F32, Init.ones()) : null;
        batches = options.track ? buffer("num_batches_tracked", Shape.SCALAR, DType.I64, Init.zeros()) : null;
    }

    /// Whether this rank of input is taken.
    abstract boolean takes(int rank);

    /// The forms of input, for messages.
    abstract String forms();

    /// The scale, or null.
    public final Parameter weight() {
        return weight;
    }

    /// The shift, or null.
    public final Parameter bias() {
        return bias;
    }

    @Override
    public final <T extends TensorOps<T>> T forward(T x, double slope) {
        Shape s = x.shape();
        if (!takes(s.rank()) || s.size(1) != features) {
            throw new ShapeException("batchNorm: expected input " + forms() + " with " + features
                    + " channels, got " + s);
        }
        if (!isTraining() && options.track) {
            T y = x.batchNormEval(mean.value(), var.value(), weight, bias, options.eps);
            return slope == 1 ? y : y.leakyRelu(slope);
        }
        if (isTraining() && options.track) {
            mean.value(); // says what to do if there are no values yet, before anything is computed
        }
        Normalized<T> n = x.batchNorm(weight, bias, options.eps, slope);
        if (isTraining() && options.track) {
            track(Tensor.over(n.mean().view()), Tensor.over(n.var().view()), s.elements() / features);
        }
        return n.y();
    }

    /// Moves the running statistics, after the operator has run.
    ///
    /// @param perChannel M, the values per channel: the unbiased variance is M/(M − 1) of the biased
    private void track(Tensor batchMean, Tensor batchVar, long perChannel) {
        String by = getClass().getSimpleName() + ".forward";
        batches.value().inPlace(by).add(1);
        if (options.momentum != null) {
            double share = options.momentum;
            mean.value().inPlace(by).combine(1 - share, share, batchMean);
            var.value().inPlace(by).combine(1 - share, share * perChannel / (perChannel - 1), batchVar);
        } else { // the count stays where it is: reading it would wait for a device
            double unbiased = perChannel / (perChannel - 1.0);
            Tensor count = batches.value().to(mean.dtype());
            mean.value().inPlace(by).add(batchMean.to(mean.dtype()).sub(mean.value()).div(count));
            var.value().inPlace(by).add(batchVar.to(var.dtype()).mul(unbiased).sub(var.value()).div(count));
        }
    }

    @Override
    protected final String describe() {
        return getClass().getSimpleName() + "(" + features + ", eps " + options.eps + ", momentum "
                + options.momentum
                + (options.affine ? "" : ", not affine") + (options.track ? "" : ", not tracking") + ")";
    }
}
