package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Init;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Layer normalisation (Ba, Kiros and Hinton 2016): every sample by itself, mean and variance over the last
/// axes, then an elementwise scale and shift. `weight` (starts at 1) and `bias` (0) have the shape of those
/// axes.
///
/// ```java
/// var norm = new LayerNorm(8, 4, 4);   // of [N, 8, 4, 4]
/// ```
public final class LayerNorm extends Module implements Rectifiable {
    private final Shape shape;
    private final double eps;
    private final Parameter weight;
    private final Parameter bias;

    /// Eps 1e-5, with scale and shift.
    ///
    /// @param sizes of the last axes, which share one mean and variance
    public LayerNorm(int... sizes) {
        this(Shape.of(sizes), 1e-5, true);
    }

    /// @param shape  of the last axes, which share one mean and variance
    /// @param eps    added to the variance
    /// @param affine whether there are a scale and a shift
    public LayerNorm(Shape shape, double eps, boolean affine) {
        this.shape = shape;
        this.eps = eps;
        weight = affine ? parameter("weight", shape, Init.ones()) : null;
        bias = affine ? parameter("bias", shape, Init.zeros()) : null;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x, double slope) {
        int lead = x.shape().rank() - shape.rank();
        for (int a = 0; a < shape.rank(); a++) {
            if (lead < 0 || x.shape().size(lead + a) != shape.size(a)) {
                throw new ShapeException("layerNorm: expected input that ends in " + shape + ", got "
                        + x.shape());
            }
        }
        return x.layerNorm(shape.rank(), weight, bias, eps, slope);
    }

    @Override
    protected String describe() {
        return "LayerNorm(" + shape + ", eps " + eps + ")";
    }
}
