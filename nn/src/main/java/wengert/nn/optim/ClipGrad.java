package wengert.nn.optim;

import java.util.List;
import wengert.autograd.Parameter;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;

/// Makes gradients smaller, in place, between the backward pass and the optimiser's step.
///
/// ```java
/// double length = ClipGrad.norm(net.parameters(), 1.0);
/// ```
public final class ClipGrad {
    private ClipGrad() {
    }

    /// Scales all gradients together so that their common 2-norm is at most `limit`; gradients that are short
    /// enough keep their bits.
    ///
    /// @return the norm before, summed in f64; where it is not finite the gradients are useless afterwards
    public static double norm(List<Parameter> parameters, double limit) {
        return norm(parameters, limit, false);
    }

    /// Scales all gradients together, see [#norm(List, double)].
    ///
    /// @param errorIfNonFinite refuse a norm that is infinite or NaN, before anything is changed
    /// @return the norm before
    /// @throws GradException naming the parameter whose gradient is not finite, if asked for
    public static double norm(List<Parameter> parameters, double limit, boolean errorIfNonFinite) {
        double squares = 0;
        for (Parameter p : parameters) {
            if (p.lendGrad() != null) {
                double square = square(p.lendGrad());
                if (errorIfNonFinite && !Double.isFinite(square)) {
                    throw new GradException("clipGradNorm: the gradient of parameter '" + p.name() + "' "
                            + p.shape() + " has the norm " + Math.sqrt(square) + "; nothing was changed");
                }
                squares += square;
            }
        }
        double norm = Math.sqrt(squares);
        double factor = limit / (norm + 1e-6);
        if (!(factor >= 1)) {
            scale(parameters, factor);
        }
        return norm;
    }

    /// Clamps every element of every gradient to ±`limit`; NaN stays NaN.
    public static void value(List<Parameter> parameters, double limit) {
        for (Parameter p : parameters) {
            if (p.lendGrad() != null) {
                p.lendGrad().inPlace("clipGradValue").clamp(-limit, limit);
            }
        }
    }

    private static double square(Tensor g) {
        try (var _ = Scope.open("clipGradNorm")) {
            return g.to(DType.F64).square().sum().item();
        }
    }

    private static void scale(List<Parameter> parameters, double factor) {
        for (Parameter p : parameters) {
            if (p.lendGrad() != null) {
                p.lendGrad().inPlace("clipGradNorm").mul(factor);
            }
        }
    }
}
