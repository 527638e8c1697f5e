package wengert.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.autograd.Parameter;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// Saving and loading a module's state by name.
final class StateDict {
    private StateDict() {
    }

    static Map<String, Tensor> save(Module module) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        Scope.outside(() -> {
            entries(module).forEach((name, entry) -> state.put(name, entry.value().copy()));
            return null;
        });
        return state;
    }

    /// Checks everything, then writes.
    static void load(Module module, Map<String, Tensor> state, boolean strict) {
        Map<String, Entry> entries = entries(module);
        List<String> missing = new ArrayList<>();
        List<String> mismatched = new ArrayList<>();
        entries.forEach((name, entry) -> {
            Tensor given = state.get(name);
            if (given == null) {
                missing.add(name + " " + entry.dtype() + " " + entry.shape());
            } else if (!given.shape().equals(entry.shape())
                    || given.dtype().isFloating() != entry.dtype().isFloating()) {
                mismatched.add(name + " expected " + entry.dtype() + " " + entry.shape() + ", got "
                        + given.dtype() + " " + given.shape());
            }
        });
        List<String> unexpected = new ArrayList<>();
        state.forEach((name, given) -> {
            if (!entries.containsKey(name)) {
                unexpected.add(name + " " + given.dtype() + " " + given.shape());
            }
        });
        if (!mismatched.isEmpty() || strict && !(missing.isEmpty() && unexpected.isEmpty())) {
            throw new TensorException("loadStateDict: the state does not fit this "
                    + module.getClass().getSimpleName() + "; nothing was loaded"
                    + list("missing", missing) + list("unexpected", unexpected)
                    + list("mismatched", mismatched) + (mismatched.isEmpty()
                            ? "\n  pass strict = false to ignore names that are missing or unexpected" : ""));
        }
        entries.forEach((name, entry) -> {
            Tensor given = state.get(name);
            if (given != null) {
                entry.take(name, given);
            }
        });
    }

    private static String list(String title, List<String> names) {
        return names.isEmpty() ? "" : "\n  " + title + ": " + String.join("; ", names);
    }

    /// Parameters and buffers alike, module by module.
    private static Map<String, Entry> entries(Module module) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        module.namedParameters().forEach((name, p) -> entries.put(name, new Trained(p)));
        module.bufferObjects().forEach((name, b) -> entries.put(name, new Held(b)));
        return entries;
    }

    private sealed interface Entry {
        Tensor value();

        Shape shape();

        DType dtype();

        void take(String name, Tensor given);
    }

    private record Trained(Parameter p) implements Entry {
        @Override
        public Tensor value() {
            return p.value();
        }

        @Override
        public Shape shape() {
            return p.shape();
        }

        @Override
        public DType dtype() {
            return p.dtype();
        }

        @Override
        public void take(String name, Tensor given) {
            if (p.hasValue()) {
                p.value().inPlace("loadStateDict").copy(given);
            } else {
                p.replace(fresh(given, p.dtype()).to(p.device()));
                p.rename(name);
            }
        }
    }

    private record Held(Buffer b) implements Entry {
        @Override
        public Tensor value() {
            return b.value();
        }

        @Override
        public Shape shape() {
            return b.shape();
        }

        @Override
        public DType dtype() {
            return b.dtype();
        }

        @Override
        public void take(String name, Tensor given) {
            if (b.hasValue()) {
                b.set(given, "loadStateDict");
            } else {
                b.replace(fresh(given, b.dtype()).to(b.device()), name);
            }
        }
    }

    /// A copy that no scope owns.
    private static Tensor fresh(Tensor given, DType dtype) {
        return Scope.outside(() -> given.dtype() == dtype ? given.copy() : given.to(dtype));
    }
}
