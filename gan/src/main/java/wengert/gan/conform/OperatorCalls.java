package wengert.gan.conform;

import java.util.List;
import wengert.nn.loss.Losses;
import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;

/// The reference vectors' operator names and attributes, as calls of this library.
final class OperatorCalls {
    private OperatorCalls() {
    }

    /// Applies an operator.
    ///
    /// @param op    name in the vectors
    /// @param a     attributes
    /// @param in    floating inputs, in order
    /// @param whole whole-number inputs, in order
    static <T extends TensorOps<T>> T call(String op, Case a, List<T> in, List<? extends HasValue> whole) {
        T x = in.get(0);
        HasValue b = in.size() > 1 ? in.get(1) : null;
        HasValue c = in.size() > 2 ? in.get(2) : null;
        HasValue index = whole.isEmpty() ? null : whole.get(0);
        return switch (op) {
            case "neg" -> x.neg();
            case "exp" -> x.exp();
            case "log" -> x.log();
            case "sqrt" -> x.sqrt();
            case "abs" -> x.abs();
            case "square" -> x.square();
            case "reciprocal" -> x.reciprocal();
            case "tanh" -> x.tanh();
            case "sigmoid" -> x.sigmoid();
            case "relu" -> x.relu();
            case "softplus" -> x.softplus();
            case "logsigmoid" -> x.logSigmoid();
            case "silu" -> x.silu();
            case "gelu" -> x.gelu();
            case "sin" -> x.sin();
            case "cos" -> x.cos();
            case "leaky_relu" -> x.leakyRelu(a.real("negative_slope", 0.01));
            case "elu" -> x.elu(a.real("alpha", 1));
            case "clamp" -> x.clamp(a.real("min", 0), a.real("max", 0));
            case "pow_scalar" -> x.pow(a.real("exponent", 1));
            case "add_scalar" -> x.add(a.real("value", 0));
            case "mul_scalar" -> x.mul(a.real("value", 1));
            case "add" -> x.add(b);
            case "sub" -> x.sub(b);
            case "mul" -> x.mul(b);
            case "div" -> x.div(b);
            case "maximum" -> x.maximum(b);
            case "minimum" -> x.minimum(b);
            case "where" -> x.where(x.lift(index).ne(0), b);
            case "sum", "mean", "var", "amax", "amin", "logsumexp", "norm" -> reduce(op, a, x);
            case "softmax" -> x.softmax(a.whole("dim", -1));
            case "log_softmax" -> x.logSoftmax(a.whole("dim", -1));
            case "cumsum" -> x.cumsum(a.whole("dim", -1));
            case "reshape" -> x.reshape(a.wholes("shape"));
            case "permute" -> x.permute(a.wholes("dims"));
            case "transpose" -> x.transpose(a.whole("dim0", 0), a.whole("dim1", 1));
            case "expand" -> x.expand(a.wholes("shape"));
            case "slice" -> x.slice(a.whole("dim", 0), a.whole("start", 0), a.whole("stop", 0),
                    a.whole("step", 1));
            case "cat" -> x.concat(a.whole("dim", 0), others(in));
            case "stack" -> x.stack(a.whole("dim", 0), others(in));
            case "pad" -> pad(a, x);
            case "flip" -> x.flip(a.wholes("dims"));
            case "index_select" -> x.indexSelect(a.whole("dim", 0), index);
            case "gather" -> x.gather(a.whole("dim", 0), index);
            case "embedding" -> x.embedding(index);
            case "matmul" -> x.matmul(b);
            case "linear" -> x.linear(b, c);
            case "conv2d" -> x.conv2d(b, c, geometry(a));
            case "conv_transpose2d" -> {
                int[] extra = a.wholes("output_padding");
                yield x.convTranspose2d(b, c, geometry(a), extra[0], extra[1]);
            }
            case "max_pool2d" -> {
                int[] k = a.wholes("kernel");
                yield x.maxPool2d(k[0], k[1], window(a));
            }
            case "avg_pool2d" -> {
                int[] k = a.wholes("kernel");
                yield x.avgPool2d(k[0], k[1], window(a));
            }
            case "upsample_nearest2d" -> x.upsampleNearest2d(a.wholes("scale")[0], a.wholes("scale")[1]);
            case "upsample_bilinear2d" -> x.upsampleBilinear2d(a.wholes("scale")[0], a.wholes("scale")[1]);
            case "pixel_shuffle" -> x.pixelShuffle(a.whole("upscale_factor", 1));
            case "batch_norm" -> a.flag("training") ? x.batchNorm(b, c, a.real("eps", 1e-5)).y()
                    : x.batchNormEval(in.get(3), in.get(4), b, c, a.real("eps", 1e-5));
            case "layer_norm" -> x.layerNorm(a.whole("normalized_dims", 1), b, c, a.real("eps", 1e-5));
            case "instance_norm" -> x.instanceNorm(b, c, a.real("eps", 1e-5));
            case "group_norm" -> x.groupNorm(a.whole("groups", 1), b, c, a.real("eps", 1e-5));
            case "mse_loss" -> Losses.mse(x, in.get(1));
            case "l1_loss" -> Losses.l1(x, in.get(1));
            case "smooth_l1_loss" -> Losses.smoothL1(x, in.get(1), a.real("beta", 1));
            case "bce_loss" -> Losses.bce(x, in.get(1));
            case "bce_with_logits_loss" -> Losses.bceWithLogits(x, in.get(1));
            case "cross_entropy_loss" -> Losses.crossEntropy(x, index);
            case "hinge_d_loss" -> Losses.hingeDiscriminator(x, a.flag("real"));
            default -> throw new IllegalArgumentException("conform: there is no operator '" + op
                    + "' in this library");
        };
    }

    private static <T extends TensorOps<T>> T reduce(String op, Case a, T x) {
        int[] axes = a.has("dims") ? a.wholes("dims") : null;
        boolean keep = a.flag("keepdim");
        T y = switch (op) {
            case "sum" -> axes == null ? x.sum() : x.sum(axes);
            case "mean" -> axes == null ? x.mean() : x.mean(axes);
            case "var" -> x.var(a.whole("correction", 1), axes);
            case "amax" -> x.amax(axes);
            case "amin" -> x.amin(axes);
            case "logsumexp" -> x.logSumExp(axes);
            default -> x.norm(axes);
        };
        return keep ? y.reshape(x.shape().reduced(x.shape().mark(axes), true)) : y;
    }

    private static <T extends TensorOps<T>> T pad(Case a, T x) {
        int[] p = a.wholes("pad");
        return a.has("mode") ? x.padReflect(p[0], p[1], p[2], p[3]) : x.pad(a.real("value", 0), p);
    }

    private static <T extends TensorOps<T>> HasValue[] others(List<T> in) {
        return in.subList(1, in.size()).toArray(new HasValue[0]);
    }

    private static Conv2dGeometry geometry(Case a) {
        int[] s = a.wholes("stride");
        int[] p = a.wholes("padding");
        int[] d = a.wholes("dilation");
        return new Conv2dGeometry(s[0], s[1], p[0], p[1], d[0], d[1], a.whole("groups", 1));
    }

    private static Conv2dGeometry window(Case a) {
        int[] s = a.wholes("stride");
        int[] p = a.wholes("padding");
        return new Conv2dGeometry(s[0], s[1], p[0], p[1], 1, 1, 1);
    }
}
