package wengert.nn.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import wengert.autograd.Parameter;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

/// What an optimiser keeps for one parameter between steps: how often it was updated, and named tensors of
/// its shape, dtype and device.
///
/// ```java
/// Tensor m = state.slot("momentum_buffer");   // zeros the first time
/// m.inPlace("MyRule.step").combine(0.9, 1, gradient);
/// ```
public final class ParameterState {
    private final Parameter parameter;
    private long count;
    /// Tensors there were when the present update began; later ones stand behind them.
    private int before;
    private final Map<String, Tensor> slots = new LinkedHashMap<>();

    ParameterState(Parameter parameter) {
        this.parameter = parameter;
    }

    /// Number of updates, the present one included.
    public long count() {
        return count;
    }

    /// One more update begins.
    void begin() {
        count++;
        before = slots.size();
    }

    /// The update that has begun cannot be made: what was made for it goes.
    void undo() {
        count--;
        slots.keySet().removeAll(slots.keySet().stream().skip(before).toList());
    }

    /// Whether there is a tensor of this name yet.
    public boolean has(String name) {
        return slots.containsKey(name);
    }

    /// The tensor of this name; zeros the first time. It follows the parameter to another dtype or device.
    public Tensor slot(String name) {
        Tensor kept = slots.get(name);
        if (kept == null) {
            kept = Scope.outside(() ->
                    Tensor.full(0, parameter.dtype(), parameter.device(), parameter.shape()));
            put(name, kept);
        } else if (kept.dtype() != parameter.dtype() || !kept.device().equals(parameter.device())) {
            Tensor old = kept;
            kept = Scope.outside(() -> old.to(parameter.dtype()).to(parameter.device()));
            put(name, kept);
        }
        return kept;
    }

    private void put(String name, Tensor value) {
        value.view().storage().heldAs("optimiser state", parameter.name() + "/" + name);
        slots.put(name, value);
    }

    Map<String, Tensor> slots() {
        return slots;
    }

    Shape shape() {
        return parameter.shape();
    }

    /// Takes over the state of a parameter of the same name.
    void replace(long newCount, Map<String, Tensor> newSlots) {
        count = newCount;
        slots.clear();
        newSlots.forEach((name, value) -> put(name, Scope.outside(
                () -> value.copy().to(parameter.dtype()).to(parameter.device()))));
    }
}
