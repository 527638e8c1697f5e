package wengert.nn;

import wengert.autograd.Parameter;
import wengert.nn.init.Initialiser;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;

/// A layer around one weight, which it uses as it is or divided by its spectral norm ([SpectralNorm]).
public abstract class WeightedLayer extends Module {
    private final Parameter weight;
    private final int outputAxis;
    private SpectralNorm norm;

    /// Declares the weight.
    ///
    /// @param shape       its shape
    /// @param outputAxis  which axis counts the outputs, for the spectral norm
    /// @param initialiser default
    WeightedLayer(Shape shape, int outputAxis, Initialiser initialiser) {
        this.weight = parameter("weight", shape, initialiser);
        this.outputAxis = outputAxis;
    }

    /// What is trained: `weight`, or `weight_orig` under spectral norm.
    public final Parameter weight() {
        return weight;
    }

    /// The weight to use in this forward pass, of the kind of `like`. To be called once in each: under
    /// spectral norm in training mode it makes one step of the power iteration.
    final <T extends TensorOps<T>> T weight(T like) {
        T w = like.lift(weight);
        return norm == null ? w : norm.apply(w, isTraining());
    }

    /// Normalises from now on.
    void normalise(SpectralNorm by) {
        norm = by;
    }

    boolean isNormalised() {
        return norm != null;
    }

    int outputAxis() {
        return outputAxis;
    }
}
