package wengert.gan.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import wengert.gan.nets.Network;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.Storage;

/// An exponential moving average of a network: `ema ← momentum · ema + (1 − momentum) · source` for
/// parameters; buffers, whole-number ones included, are copied. Before the start it is a copy.
public final class Ema {
    private final Network source;
    private final Network average;
    private final double momentum;
    private final int start;
    private final int interval;

    /// @param source   what is trained
    /// @param average  a network of the same form, which becomes the average; starts as a copy of `source`
    /// @param momentum in [0, 1]: share of the old average that stays
    /// @param start    first iteration that averages instead of copying
    /// @param interval iterations between two moves, counted from `start`
    public Ema(Network source, Network average, double momentum, int start, int interval) {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("ema: momentum must be in [0, 1], got " + momentum);
        }
        if (interval < 1) {
            throw new IllegalArgumentException("ema: interval must be at least 1, got " + interval);
        }
        this.source = source;
        this.average = average;
        this.momentum = momentum;
        this.start = start;
        this.interval = interval;
        blend(0);
    }

    /// The averaged network.
    public Network average() {
        return average;
    }

    /// Takes in the source after an update.
    ///
    /// @param iteration of the run, from 0
    public void update(int iteration) {
        if (iteration < start) {
            blend(0);
        } else if ((iteration + 1 - start) % interval == 0) {
            blend(momentum);
        }
    }

    private void blend(double old) {
        try (var _ = Scope.open("ema")) {
            var from = source.namedParameters();
            List<Item> items = new ArrayList<>();
            Set<Storage> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
            Device device = average.parameters().getFirst().device();
            OptimizerKernels kernels = device.backend().find(OptimizerKernels.class);
            average.namedParameters().forEach((name, p) -> {
                Tensor y = p.value();
                Tensor x = from.get(name).value();
                if (old == 0) {
                    y.inPlace("ema").copy(x);
                } else if (kernels != null && plain(y, device) && plain(x, device)
                        && buffers.add(y.view().storage())) {
                    items.add(new Item(y.view(), x.view(), null, null, null, 1 - old, 1));
                } else {
                    y.inPlace("ema").combine(old, 1 - old, x);
                }
            });
            if (!items.isEmpty()) {
                // a descent along ema − source, all parameters in one call; what is equal keeps its bits
                kernels.sgd(items, 0, false, -1);
                items.forEach(item -> item.p().storage().modified("ema"));
            }
            average.copyBuffers(source);
        }
    }

    private static boolean plain(Tensor x, Device device) {
        return x.device().equals(device) && x.dtype() == DType.F32 && x.view().isContiguous()
                && x.view().offset() == 0;
    }
}
