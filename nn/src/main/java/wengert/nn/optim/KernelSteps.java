package wengert.nn.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// The rules a backend may have kernels for: the formulas of their `update`, for all f32 parameters of a
/// group in one call. The kernels round less often than the formulas do, so the last bits may differ.
final class KernelSteps {
    /// A parameter that is due.
    record Due(Tensor p, Tensor g, ParameterState s) {
    }

    private final UpdateRule rule;
    private final double lr;
    private final List<Due> due;
    private final List<Due> left = new ArrayList<>();
    private final OptimizerKernels kernels;
    private final List<Item> items = new ArrayList<>();
    private final Set<Storage> buffers = Collections.newSetFromMap(new IdentityHashMap<>());

    /// Makes the state that those parameters need which a kernel can update. No parameter changes yet.
    ///
    /// @param due counts include this update
    KernelSteps(UpdateRule rule, double lr, List<Due> due) {
        this.rule = rule;
        this.lr = lr;
        this.due = due;
        boolean known = rule instanceof Adam || rule instanceof AdamW || rule instanceof Sgd
                || rule instanceof RmsProp || rule instanceof Adagrad;
        kernels = due.isEmpty() || !known ? null
                : due.get(0).p.device().backend().find(OptimizerKernels.class);
        for (Due d : due) {
            if (kernels != null && plain(d, due.get(0))) {
                items.add(item(d));
            } else {
                left.add(d);
            }
        }
    }

    /// Updates those parameters.
    ///
    /// @return the others
    List<Due> run() {
        if (items.isEmpty()) {
            return left;
        }
        switch (rule) {
            case Adam r -> kernels.adam(items, r.beta1(), r.beta2(), r.weightDecay(), 1);
            case AdamW r -> kernels.adam(items, r.beta1(), r.beta2(), 0, 1 - lr * r.weightDecay());
            case Sgd r -> kernels.sgd(items, r.momentum(), r.nesterov(), r.weightDecay());
            case RmsProp r -> kernels.rmsProp(items, r.alpha(), r.momentum(), r.weightDecay());
            case Adagrad r -> kernels.adagrad(items, r.weightDecay());
            default -> throw new IllegalStateException(rule.name());
        }
        for (Item item : items) {
            modified(item.p());
            modified(item.a());
            modified(item.b());
            modified(item.c());
        }
        return left;
    }

    /// None of these updates has been made.
    void undo() {
        due.forEach(d -> d.s.undo());
    }

    private void modified(View v) {
        if (v != null) {
            v.storage().modified(rule.by());
        }
    }

    /// Whether value and gradient are rows of f32 on the first one's device, from the start of buffers that
    /// no other parameter of the group has.
    private boolean plain(Due d, Due first) {
        View p = d.p.view();
        View g = d.g.view();
        return p.storage().device().equals(first.p.device()) && g.storage().device().equals(first.p.device())
                && p.dtype() == DType.F32 && g.dtype() == DType.F32 && p.isContiguous() && g.isContiguous()
                && p.offset() == 0 && g.offset() == 0 && p.shape().equals(g.shape())
                && buffers.add(p.storage()) && buffers.add(g.storage());
    }

    private Item item(Due d) {
        return switch (rule) {
            case Adam r -> adam(d, r.beta1(), r.beta2(), r.eps(), r.amsgrad());
            case AdamW r -> adam(d, r.beta1(), r.beta2(), r.eps(), r.amsgrad());
            case Sgd r -> {
                boolean first = !d.s.has("momentum_buffer");
                View m = r.momentum() == 0 ? null : slot(d, "momentum_buffer");
                yield new Item(d.p.view(), d.g.view(), m, null, null, -lr, first ? 1 : 1 - r.dampening());
            }
            case RmsProp r -> {
                View square = slot(d, "square_avg");
                View mean = r.centered() ? slot(d, "grad_avg") : null;
                View m = r.momentum() == 0 ? null : slot(d, "momentum_buffer");
                yield new Item(d.p.view(), d.g.view(), square, mean, m, -lr, r.eps());
            }
            case Adagrad r -> new Item(d.p.view(), d.g.view(), r.sum(d.s).view(), null, null, r.rate(d.s, lr),
                    r.eps());
            default -> throw new IllegalStateException(rule.name());
        };
    }

    private Item adam(Due d, double beta1, double beta2, double eps, boolean amsgrad) {
        View m = slot(d, "exp_avg");
        View v = slot(d, "exp_avg_sq");
        double c = Adam.correction(beta2, d.s);
        return new Item(d.p.view(), d.g.view(), m, v, amsgrad ? slot(d, "max_exp_avg_sq") : null,
                Adam.rate(lr, beta1, c, d.s), c * eps);
    }

    private static View slot(Due d, String name) {
        return d.s.slot(name).view();
    }
}
