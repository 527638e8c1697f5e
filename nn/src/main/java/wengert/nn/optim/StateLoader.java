package wengert.nn.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// Takes an optimiser's state over: checks everything, then writes.
final class StateLoader {
    private final Optimizer optimizer;
    private final Map<String, Tensor> state;
    private final Set<String> used = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    StateLoader(Optimizer optimizer, Map<String, Tensor> state) {
        this.optimizer = optimizer;
        this.state = state;
    }

    void load() {
        List<Optimizer.Group> groups = optimizer.groups();
        double[] rates = new double[groups.size()];
        for (int i = 0; i < rates.length; i++) {
            Tensor rate = scalar(Optimizer.rate(i), DType.F64);
            rates[i] = rate == null ? 0 : rate.item();
            if (!(rates[i] >= 0 && rates[i] < Double.POSITIVE_INFINITY)) {
                wrong.add(Optimizer.rate(i) + " is " + rates[i]);
            }
        }
        Map<String, ParameterState> named = optimizer.named();
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<String, Map<String, Tensor>> slots = new LinkedHashMap<>();
        named.forEach((name, s) -> {
            String counter = Optimizer.counter(name);
            Tensor count = state.containsKey(counter) ? scalar(counter, DType.I64) : null;
            counts.put(name, count == null ? 0L : count.toLongArray()[0]);
            slots.put(name, slots(name, s.shape()));
        });
        state.keySet().stream().filter(key -> !used.contains(key))
                .forEach(key -> wrong.add(key + " is unexpected"));
        if (!wrong.isEmpty()) {
            throw new TensorException("optimizer: the state does not fit, nothing was loaded:\n  "
                    + String.join("\n  ", wrong));
        }
        for (int i = 0; i < rates.length; i++) {
            groups.get(i).lr(rates[i]);
        }
        named.forEach((name, s) -> s.replace(counts.get(name), slots.get(name)));
    }

    private Tensor scalar(String key, DType dtype) {
        used.add(key);
        Tensor value = state.get(key);
        if (value == null) {
            wrong.add(key + " is missing");
        } else if (!value.shape().equals(Shape.SCALAR) || value.dtype() != dtype) {
            wrong.add(key + " must be " + dtype + " [], got " + value.dtype() + " " + value.shape());
            return null;
        }
        return value;
    }

    /// The tensors of one parameter by slot name.
    private Map<String, Tensor> slots(String name, Shape shape) {
        Map<String, Tensor> slots = new LinkedHashMap<>();
        String prefix = name + "/";
        state.forEach((key, value) -> {
            if (!key.startsWith(prefix) || key.equals(Optimizer.counter(name))) {
                return;
            }
            used.add(key);
            if (!value.shape().equals(shape) || !value.dtype().isFloating()) {
                wrong.add(key + " must be floating " + shape + ", got " + value.dtype() + " "
                        + value.shape());
            } else if (!state.containsKey(Optimizer.counter(name))) {
                wrong.add(Optimizer.counter(name) + " is missing");
            }
            slots.put(key.substring(prefix.length()), value);
        });
        return slots;
    }
}
