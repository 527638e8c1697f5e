package wengert.tensor.ops;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// Convolutions over the last two axes of [N, C, H, W]. Floats; operands of two dtypes meet at the later one.
/// The batch, and only the batch, may be empty.
///
/// @param <T> the kind of value
public interface Convolutions<T extends TensorOps<T>> extends Value<T> {
    /// Convolution of this [N, C, H, W] with a kernel (a cross-correlation, as everywhere in the field):
    /// `y[n,k,p,q] = b[k] + Σ_{c,r,s} x[n, c, p·stride − pad + r·dilation, …] · w[k,c,r,s]`.
    ///
    /// @param weight [K, C/G, R, S]
    /// @param bias   `[K]`, or null for none
    /// @param g      how the window moves
    /// @return [N, K, P, Q], `P = ⌊(H + 2·pad − dilation·(R − 1) − 1) / stride⌋ + 1`
    /// @throws ShapeException if channels, groups or sizes do not fit, or the kernel is larger than the
    ///                        padded input
    default T conv2d(HasValue weight, HasValue bias, Conv2dGeometry g) {
        return convolved(self(), new Conv2d(g), "conv2d", lift(weight), bias);
    }

    /// Transposed convolution of this [N, K, P, Q]: exactly the gradient of [#conv2d] with respect to its
    /// input, by the same kernel, plus a bias.
    ///
    /// @param weight     [K, C/G, R, S]: input channels first
    /// @param bias       `[C]`, or null for none
    /// @param g          how the window of the convolution moves whose gradient this is
    /// @param outputPadH rows added to the smallest output, less than the stride or the dilation
    /// @param outputPadW columns added, alike
    /// @return [N, C, H, W], `H = (P − 1)·stride − 2·pad + dilation·(R − 1) + 1 + outputPadH`
    /// @throws ShapeException if channels, groups, sizes or output padding do not fit
    default T convTranspose2d(HasValue weight, HasValue bias, Conv2dGeometry g, int outputPadH,
            int outputPadW) {
        T w = lift(weight);
        TransposedSizes z = TransposedSizes.of(view(), w.view(), g);
        return transposed(w, bias, g, z.paddedH(outputPadH), z.paddedW(outputPadW));
    }

    /// [#convTranspose2d] to a wanted size. A convolution whose stride leaves a remainder maps `stride` sizes
    /// to one, so its transpose has a choice.
    ///
    /// @param height rows of the result, from the smallest possible up to stride − 1 more
    /// @param width  columns, alike
    /// @return [N, C, height, width]
    /// @throws ShapeException naming the range if a size lies outside of it
    default T convTranspose2dTo(HasValue weight, HasValue bias, Conv2dGeometry g, int height, int width) {
        T w = lift(weight);
        TransposedSizes z = TransposedSizes.of(view(), w.view(), g);
        return transposed(w, bias, g, z.exactH(height), z.exactW(width));
    }

    private T transposed(T weight, HasValue bias, Conv2dGeometry g, int h, int w) {
        // More rows than the stride can explain are rows of further windows, and those see nothing.
        int moreP = g.outH(h, weight.shape().size(2)) - shape().size(2);
        int moreQ = g.outW(w, weight.shape().size(3)) - shape().size(3);
        T x = self().pad(0, 0, moreQ, 0, moreP);
        return convolved(x, new Conv2dDataGradient(g, h, w), "convTranspose2d", weight, bias);
    }

    /// The operator with its bias; all is checked before anything is computed. A bias of a later dtype than
    /// the product is added to it, and the sum has that dtype.
    private static <T extends TensorOps<T>> T convolved(T x, SingleOp op, String name, T weight,
            HasValue bias) {
        DType common = DType.promote(x.dtype(), weight.dtype());
        T left = x.to(common);
        T right = weight.to(common);
        Shape y = op.inferOne(new Spec[] {left.view(), right.view()}).shape();
        T b = bias == null ? null : x.lift(bias);
        if (b != null && !b.shape().equals(Shape.of(y.size(1)))) {
            throw new ShapeException(name + ": bias must be [" + y.size(1)
                    + "], one number per output channel of "
                    + "weight " + weight.shape() + ", got " + b.shape());
        }
        boolean kernels = x.device().backend().find(ConvKernels.class) != null;
        if (kernels && b != null && DType.promote(common, b.dtype()) == common) {
            return left.apply(op, right, b.to(common));
        }
        T product = kernels ? left.apply(op, right)
                : op instanceof Conv2d c ? Composites.conv2d(left, right, c.g())
                : Composites.conv2dDataGradient(left, right, ((Conv2dDataGradient) op).g(), y.size(2),
                y.size(3));
        return b == null ? product : product.add(b.reshape(1, -1, 1, 1));
    }
}
