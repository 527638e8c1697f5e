package wengert.nn;

import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.TensorException;

/// In training mode sets each element to 0 with probability p and multiplies the others by 1 / (1 − p)
/// (Srivastava et al. 2014); in evaluation mode does nothing. Draws from the stream `dropout/PATH` of the
/// generator that initialised the network, so its place is part of that generator's state.
///
/// ```java
/// var half = new Dropout(0.5);
/// ```
public final class Dropout extends Module implements Layer {
    private final double p;
    private Generator.Stream random;

    /// @param p probability in [0, 1)
    public Dropout(double p) {
        if (!(p >= 0 && p < 1)) {
            throw new TensorException("dropout: the probability must be at least 0 and less than 1, got "
                    + p);
        }
        this.p = p;
    }

    @Override
    protected void randomness(String path, Generator generator) {
        random = generator.stream("dropout/" + path);
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        if (!isTraining() || p == 0) {
            return x;
        }
        if (random == null) {
            throw new TensorException("dropout: there are no random numbers yet; call init(generator) on "
                    + "the root module, or eval()");
        }
        Tensor dropped = random.as(DType.F32, x.device()).uniform(x.shape().toArray()).lt(p);
        return x.mul(1 / (1 - p)).maskedFill(dropped, 0);
    }

    @Override
    protected String describe() {
        return "Dropout(" + p + ")";
    }
}
