package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// The operators that have kernels of their own, written in those every backend has: what runs where a
/// backend lacks a group of kernels, and an independent account of what the kernels compute. Differentiable
/// any number of times, like all that is made of operators. Operands have been checked.
final class Composites {
    private Composites() {
    }

    /// `y = w · columns(x)`: x [N, C, H, W], w [K, C/G, R, S] → [N, K, P, Q].
    static <T extends TensorOps<T>> T conv2d(T x, T w, Conv2dGeometry g) {
        Shape k = w.shape();
        Shape y = ConvShapes.output("conv2d", x.shape(), k.size(0), k.size(2), k.size(3), g);
        int n = y.size(0);
        int groups = g.groups();
        int depth = k.size(1) * k.size(2) * k.size(3);
        List<T> taps = taps(x, 0, k.size(2), k.size(3), g, y.size(2), y.size(3));
        T columns = taps.get(0).stack(2, taps.subList(1, taps.size()))
                .reshape(n, groups, depth, y.size(2) * y.size(3));
        return w.reshape(groups, k.size(0) / groups, depth).matmul(columns).reshape(y);
    }

    /// The transpose: every tap's share `wᵀ · dy` is put where the tap had looked, and all are summed.
    ///
    /// @param dy [N, K, P, Q]
    /// @param w  [K, C/G, R, S]
    /// @return [N, C, h, width]
    static <T extends TensorOps<T>> T conv2dDataGradient(T dy, T w, Conv2dGeometry g, int h, int width) {
        Shape k = w.shape();
        Shape y = dy.shape();
        int groups = g.groups();
        int depth = k.size(1) * k.size(2) * k.size(3);
        T shares = w.reshape(groups, k.size(0) / groups, depth).transpose(1, 2)
                .matmul(dy.reshape(y.size(0), groups, k.size(0) / groups, y.size(2) * y.size(3)))
                .reshape(y.size(0), k.size(1) * groups, k.size(2), k.size(3), y.size(2), y.size(3));
        Shape padded = Shape.of(y.size(0), k.size(1) * groups, h + 2 * g.padH(), width + 2 * g.padW());
        int[] steps = {1, 1, g.strideH(), g.strideW()};
        T sum = null;
        for (int r = 0; r < k.size(2); r++) {
            for (int s = 0; s < k.size(3); s++) {
                int[] starts = {0, 0, r * g.dilationH(), s * g.dilationW()};
                T share = shares.select(2, r).select(2, s).apply(new Place(padded, 0, starts, steps));
                sum = sum == null ? share : sum.add(share);
            }
        }
        return sum.slice(2, g.padH(), g.padH() + h).slice(3, g.padW(), g.padW() + width);
    }

    /// Mean over windows, the padding counted as zeros.
    static <T extends TensorOps<T>> T avgPool2d(T x, int r, int s, Conv2dGeometry g) {
        Shape y = WindowShapes.output("avgPool2d", x.view(), r, s, g);
        T sum = null;
        for (T tap : taps(x, 0, r, s, g, y.size(2), y.size(3))) {
            sum = sum == null ? tap : sum.add(tap);
        }
        return sum.div((double) r * s);
    }

    /// Largest of each window; the gradient goes to the first of equals.
    static <T extends TensorOps<T>> T maxPool2d(T x, int r, int s, Conv2dGeometry g) {
        Shape y = WindowShapes.output("maxPool2d", x.view(), r, s, g);
        List<T> taps = taps(x, Double.NEGATIVE_INFINITY, r, s, g, y.size(2), y.size(3));
        T all = taps.get(0).stack(0, taps.subList(1, taps.size()));
        return all.gather(0, all.argmaxKeep(0)).squeeze(0);
    }

    /// What tap (r, s) sees in every window, [N, C, P, Q], for all taps in row-major order.
    private static <T extends TensorOps<T>> List<T> taps(T x, double border, int r, int s, Conv2dGeometry g,
            int p, int q) {
        T padded = x.pad(border, g.padW(), g.padW(), g.padH(), g.padH());
        List<T> taps = new ArrayList<>(r * s);
        for (int i = 0; i < r; i++) {
            T rows = padded.apply(new SliceAxis(2, i * g.dilationH(), g.strideH(), p));
            for (int j = 0; j < s; j++) {
                taps.add(rows.apply(new SliceAxis(3, j * g.dilationW(), g.strideW(), q)));
            }
        }
        return taps;
    }

    /// Linear interpolation in both directions.
    static <T extends TensorOps<T>> T upsampleBilinear2d(T x, int scaleH, int scaleW) {
        return interpolated(interpolated(x, 2, scaleH), 3, scaleW);
    }

    /// The weights of an output pixel depend on `o mod scale` alone, so the result is `scale` weighted sums
    /// of x and x shifted by one, interleaved.
    private static <T extends TensorOps<T>> T interpolated(T x, int axis, int scale) {
        int n = x.shape().size(axis);
        if (scale == 1 || n == 0) {
            return x;
        }
        T bordered = x.slice(axis, 0, 1).concat(axis, x, x.slice(axis, n - 1, n));
        List<T> phases = new ArrayList<>(scale);
        for (int phase = 0; phase < scale; phase++) {
            double at = (phase + 0.5) / scale + 0.5; // in the bordered x, which begins one pixel earlier
            int left = (int) at;
            double t = at - left;
            phases.add(bordered.slice(axis, left, left + n).mul(1 - t)
                    .add(bordered.slice(axis, left + 1, left + 1 + n).mul(t)));
        }
        return phases.get(0).stack(axis + 1, phases.subList(1, scale)).flatten(axis, axis + 1);
    }

    /// Normalisation of [N, C, *] with mean and variance as functions of x, and a leaky rectifier; gamma and
    /// beta `[C]`.
    static <T extends TensorOps<T>> Normalized<T> normalise(T x, T gamma, T beta, NormForm form) {
        int[] axes = NormShapes.inSet(form);
        Shape along = NormShapes.parameters(form, x.shape());
        Shape sets = Shape.of(form.sets(x.shape()));
        T full = x.reshape(NormShapes.full(form, x.shape()));
        T rough = full.meanKeep(axes);
        T shifted = full.sub(rough);
        T left = shifted.meanKeep(axes); // what rounding left of the mean
        T centred = shifted.sub(left);
        T var = centred.square().meanKeep(axes);
        T z = centred.mul(NormShapes.inverseRoot(var, form.eps()).mul(gamma.reshape(along)))
                .add(beta.reshape(along)).reshape(x.shape());
        return new Normalized<>(form.slope() == 1 ? z : z.leakyRelu(form.slope()),
                constant(rough.add(left).reshape(sets)), constant(var.reshape(sets)));
    }

    /// `e^x / Σ e^x`.
    static <T extends TensorOps<T>> T softmax(T x, int axis) {
        T e = x.sub(Spread.peak("softmax", x, axis)).exp();
        return e.div(e.sumKeep(axis));
    }

    /// `x − ln Σ e^x`.
    static <T extends TensorOps<T>> T logSoftmax(T x, int axis) {
        T z = x.sub(Spread.peak("logSoftmax", x, axis));
        return z.sub(z.exp().sumKeep(axis).log());
    }

    /// `−logSoftmax(x)[target]` over axis 1: x [N, C, *], target [N, *] → [N, *].
    static <T extends TensorOps<T>> T crossEntropy(T x, T target) {
        T chosen = logSoftmax(x, 1).gather(1, target.reshape(x.shape().with(1, 1)));
        return chosen.reshape(target.shape()).neg();
    }

    /// A loss of values and targets of one shape.
    static <T extends TensorOps<T>> T loss(LossForm form, T x, T t) {
        T each = switch (form.kind()) {
            case BCE -> t.mul(x.neg().softplus()).add(t.neg().add(1).mul(x.softplus()));
            case PROBABILITY -> t.mul(floored(x)).add(not(t).mul(floored(not(x)))).neg();
            case SQUARED -> x.sub(t).square();
            case ABSOLUTE -> x.sub(t).abs();
            case SMOOTH -> {
                T e = x.sub(t);
                T c = e.clamp(-form.p(), form.p());
                yield c.mul(e.sub(c.mul(0.5))).div(form.p());
            }
            case HINGE -> t.mul(x).neg().add(1).relu();
        };
        return switch (form.fold()) {
            case MEAN -> each.mean();
            case SUM -> each.sum();
            case NONE -> each;
        };
    }

    /// `1 − x`.
    static <T extends TensorOps<T>> T not(T x) {
        return x.neg().add(1);
    }

    /// `max(ln p, −100)`; the logarithm is not asked where it is not used, so that no infinite slope comes
    /// back.
    static <T extends TensorOps<T>> T floored(T p) {
        T low = p.le(LossForm.NEARLY_NOTHING);
        return p.maskedFill(low, 1).log().maskedFill(low, -100);
    }

    /// The slope of [#floored]: `1/p`, or 0 where p is nearly nothing.
    static <T extends TensorOps<T>> T flooredGrad(T p) {
        T low = p.le(LossForm.NEARLY_NOTHING);
        return p.maskedFill(low, 1).reciprocal().maskedFill(low, 0);
    }

    /// The same numbers without a history.
    private static <T extends TensorOps<T>> T constant(T x) {
        return x.lift(x::view);
    }
}
