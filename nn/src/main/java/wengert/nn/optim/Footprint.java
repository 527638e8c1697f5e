package wengert.nn.optim;

import wengert.autograd.Parameter;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;

/// Memory of a training step in bytes, known before a number is computed: the step runs on [Device#SHAPES],
/// where tensors have a form but no data, and what it takes from the pool is counted.
///
/// ```java
/// net.to(Device.SHAPES);                                  // before init
/// net.init(random);
/// var opt = new Optimizer(net.parameters(), Adam.of(2e-4));
/// Footprint f = Footprint.of(() -> step(net, opt, random), opt);   // its data on Device.SHAPES, too
/// ```
///
/// Not counted: tensors of less than 1024 elements, the kernels' working memory (a few MB for each thread),
/// buffers of modules such as running statistics, data.
///
/// @param parameters the optimisers' parameters
/// @param gradients  what stands in the parameters' gradients after a step
/// @param state      of the optimisers
/// @param peak       most that scopes hold at once: saved values, gradients on their way, temporaries
/// @param pooled     what the pool holds after a step: at least the peak, since buffers serve exact sizes
///                   only
public record Footprint(long parameters, long gradients, long state, long peak, long pooled) {

    /// Counts a step. It runs twice, since an optimiser's state is made in the first one.
    ///
    /// @param step       forward, backward and updates in their scopes, gradients zeroed first
    /// @param optimizers all whose parameters the step trains
    /// @throws DeviceException if a parameter is on another device
    public static Footprint of(Runnable step, Optimizer... optimizers) {
        for (Optimizer optimizer : optimizers) {
            for (Parameter p : optimizer.parameters()) {
                if (!p.device().equals(Device.SHAPES)) {
                    throw new DeviceException("footprint: expected parameters on " + Device.SHAPES + ", '"
                            + p.name() + "' is on " + p.device() + "; call to(Device.SHAPES) on its module "
                            + "before init");
                }
            }
        }
        Memory.trim(Device.SHAPES);
        Memory.resetPeak(Device.SHAPES);
        step.run();
        step.run();
        long parameters = 0;
        long gradients = 0;
        long state = 0;
        for (Optimizer optimizer : optimizers) {
            for (Parameter p : optimizer.parameters()) {
                parameters += bytes(p.value());
                gradients += p.lendGrad() == null ? 0 : bytes(p.lendGrad());
                for (Tensor slot : optimizer.slots(p)) {
                    state += bytes(slot);
                }
            }
        }
        return new Footprint(parameters, gradients, state, Memory.peakBytes(Device.SHAPES),
                Memory.cachedBytes(Device.SHAPES));
    }

    /// What stays allocated while training.
    public long total() {
        return parameters + gradients + state + pooled;
    }

    private static long bytes(Tensor t) {
        return t.shape().elements() * t.dtype().bytes();
    }
}
