package wengert.nn.optim;

import java.util.List;
import wengert.autograd.Parameter;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.OptimizerKernels;

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
        List<Parameter> due = parameters.stream().filter(p -> p.lendGrad() != null).toList();
        double squares = 0;
        double[] each = squares(due);
        for (int i = 0; i < each.length; i++) {
            if (errorIfNonFinite && !Double.isFinite(each[i])) {
                Parameter p = due.get(i);
                throw new GradException("clipGradNorm: the gradient of parameter '" + p.name() + "' "
                        + p.shape() + " has the norm " + Math.sqrt(each[i]) + "; nothing was changed");
            }
            squares += each[i];
        }
        double norm = Math.sqrt(squares);
        double factor = limit / (norm + 1e-6);
        if (!(factor >= 1)) {
            due.forEach(p -> p.lendGrad().inPlace("clipGradNorm").mul(factor));
        }
        return norm;
    }

    /// Scales all gradients together, as [#norm(List, double)] does, for those who do not ask for the norm:
    /// on a device with memory of its own nothing is read back.
    public static void limit(List<Parameter> parameters, double limit) {
        List<Parameter> due = parameters.stream().filter(p -> p.lendGrad() != null).toList();
        if (due.isEmpty() || due.getFirst().device().isHost()) {
            norm(parameters, limit);
            return;
        }
        try (var _ = Scope.open("clipGradNorm")) {
            Tensor squares = null;
            for (Parameter p : due) {
                Tensor s = p.lendGrad().to(DType.F64).square().sum();
                squares = squares == null ? s : squares.add(s);
            }
            Tensor factor = squares.sqrt().add(1e-6).reciprocal().mul(limit).clamp(0, 1);
            for (Parameter p : due) {
                Tensor g = p.lendGrad();
                g.inPlace("clipGradNorm").copy(g.mul(factor.to(g.dtype())));
            }
        }
    }

    /// Clamps every element of every gradient to ±`limit`; NaN stays NaN.
    public static void value(List<Parameter> parameters, double limit) {
        for (Parameter p : parameters) {
            if (p.lendGrad() != null) {
                p.lendGrad().inPlace("clipGradValue").clamp(-limit, limit);
            }
        }
    }

    /// The sum of squares of each gradient: all in one call where there is a kernel for it.
    private static double[] squares(List<Parameter> due) {
        double[] sums = new double[due.size()];
        List<Tensor> gradients = due.stream().map(Parameter::lendGrad).toList();
        Device device = due.isEmpty() ? Device.CPU : gradients.get(0).device();
        OptimizerKernels kernels = device.backend().find(OptimizerKernels.class);
        if (kernels != null && gradients.stream().allMatch(g -> g.device().equals(device)
                && g.dtype() == DType.F32 && g.view().isContiguous())) {
            kernels.squares(gradients.stream().map(Tensor::view).toList(), sums);
            return sums;
        }
        for (int i = 0; i < sums.length; i++) {
            try (var _ = Scope.open("clipGradNorm")) {
                sums[i] = gradients.get(i).to(DType.F64).square().sum().item();
            }
        }
        return sums;
    }
}
