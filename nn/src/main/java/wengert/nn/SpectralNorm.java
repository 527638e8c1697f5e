package wengert.nn;

import wengert.nn.init.Initialiser;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// Divides a layer's weight by its largest singular value, so that the layer stretches no vector (Miyato et
/// al. 2018). With the weight as a matrix W `[out, rest]`, whose rows are the outputs, each forward pass in
/// training mode makes one step of the power iteration, `v = Wᵀu / ‖Wᵀu‖`, `u = Wv / ‖Wv‖`, and uses `W / σ`
/// with `σ = uᵀWv`; in evaluation mode u and v stay. u and v count as constants for gradients; W does not,
/// also inside of σ.
///
/// The layer keeps its type. Its parameter is then called `weight_orig`, and u and v are its buffers
/// `weight_u` `[out]` and `weight_v` `[rest]`, as in PyTorch.
///
/// ```java
/// Conv2d conv = SpectralNorm.of(new Conv2d(3, 64, 4));
/// ```
public final class SpectralNorm {
    private final int outputAxis;
    private final double eps;
    private final Buffer u;
    private final Buffer v;

    private SpectralNorm(int outputAxis, double eps, Buffer u, Buffer v) {
        this.outputAxis = outputAxis;
        this.eps = eps;
        this.u = u;
        this.v = v;
    }

    /// Normalises a layer's weight from now on, with eps 1e-12.
    ///
    /// @return the same layer
    public static <L extends WeightedLayer> L of(L layer) {
        return of(layer, 1e-12);
    }

    /// Normalises a layer's weight from now on. Do it before the layer is initialised.
    ///
    /// @param eps smallest norm that u and v are divided by
    /// @return the same layer
    public static <L extends WeightedLayer> L of(L layer, double eps) {
        if (layer.isNormalised()) {
            throw new TensorException("spectral norm: this " + layer.getClass().getSimpleName()
                    + " has one already");
        }
        Shape w = layer.weight().shape();
        int out = w.size(layer.outputAxis());
        DType dtype = layer.weight().dtype();
        layer.rename("weight", "weight_orig");
        Buffer u = layer.buffer("weight_u", Shape.of(out), dtype, unit(eps));
        Buffer v = layer.buffer("weight_v", Shape.of(w.length() / out), dtype, unit(eps));
        layer.normalise(new SpectralNorm(layer.outputAxis(), eps, u, v));
        return layer;
    }

    private static Initialiser unit(double eps) {
        return (y, random) -> y.copyInPlace(normalised(random.normal(y.shape().toArray()), eps));
    }

    /// `W / σ`.
    <T extends TensorOps<T>> T apply(T weight, boolean training) {
        T w = matrix(weight);
        if (training) {
            iterate(Tensor.over(w.view()));
        }
        // copies: the next forward pass changes the buffers, and this one's graph may still need them
        T row = w.lift(u.value().copy());
        T column = w.lift(v.value().copy());
        T sigma = row.mul(w.matmul(column)).sum();
        return weight.div(sigma);
    }

    private void iterate(Tensor w) {
        Tensor newV = normalised(w.transpose(0, 1).matmul(u.value()), eps);
        Tensor newU = normalised(w.matmul(newV), eps);
        v.set(newV, "SpectralNorm.forward");
        u.set(newU, "SpectralNorm.forward");
    }

    /// `[out, rest]`.
    private <T extends TensorOps<T>> T matrix(T weight) {
        T rows = outputAxis == 0 ? weight : weight.transpose(0, outputAxis);
        return rows.reshape(rows.shape().size(0), -1);
    }

    private static Tensor normalised(Tensor x, double eps) {
        return x.div(x.square().sum().sqrt().clamp(eps, Double.POSITIVE_INFINITY));
    }
}
