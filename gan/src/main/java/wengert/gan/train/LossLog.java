package wengert.gan.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.autograd.Variable;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// The losses of iterations that nobody has read yet. Those in host memory are read at once. Those on a
/// device with memory of its own are copied into a row there, so that an iteration does not wait for the
/// device, and are read all together.
final class LossLog {
    private static final int MOST = 1024;

    /// @param iteration counted over the run
    /// @param means     over the parts of the iteration, by name
    private record Iteration(int iteration, Map<String, Double> means) {
        void add(String name, double value, int parts) {
            means.merge(name, value / parts, Double::sum);
        }
    }

    /// A number in the row.
    private record Kept(Iteration of, String name, int parts) {
    }

    private final List<Iteration> iterations = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private Tensor row;
    private Iteration current;

    /// An iteration begins.
    void begin(int t) {
        current = new Iteration(t, new LinkedHashMap<>());
        iterations.add(current);
    }

    /// Forgets the iteration that has begun.
    void undo() {
        iterations.remove(current);
        kept.removeIf(k -> k.of == current);
    }

    /// One more term of the loss.
    ///
    /// @param parts how many such terms the iteration has, of which the mean is meant
    /// @return the term
    Variable add(String name, Variable term, int parts) {
        if (term.device().isHost()) {
            current.add(name, term.value().item(), parts);
        } else {
            keep(term.value());
            kept.add(new Kept(current, name, parts));
        }
        return term;
    }

    private void keep(Tensor term) {
        Device device = term.device();
        if (row == null || !row.device().equals(device)) {
            fetch();
            row = Scope.outside(() -> Tensor.empty(DType.F64, device, Shape.of(MOST)));
        } else if (kept.size() == MOST) {
            fetch();
        }
        int at = kept.size();
        row.slice(0, at, at + 1, 1).copyInPlace(term.reshape(1));
    }

    /// Reads the row, and begins a new one. Waits for the device.
    private void fetch() {
        if (!kept.isEmpty()) {
            double[] values = row.slice(0, 0, kept.size(), 1).toDoubleArray();
            for (int i = 0; i < values.length; i++) {
                Kept k = kept.get(i);
                k.of.add(k.name, values[i], k.parts);
            }
            kept.clear();
        }
    }

    /// Refuses losses that are no numbers, as far as they have been read: before the update that they would
    /// spoil.
    void requireFinite() {
        requireFinite(current, false);
    }

    private static void requireFinite(Iteration i, boolean updated) {
        i.means.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new DivergedException(name, value, i.iteration, updated);
            }
        });
    }

    /// The losses of all iterations since the last call, in order.
    ///
    /// @throws DivergedException if one of those that could not be looked at before is not finite
    List<Map<String, Double>> read() {
        fetch();
        List<Iteration> read = List.copyOf(iterations);
        iterations.clear();
        read.forEach(i -> requireFinite(i, true));
        return read.stream().map(Iteration::means).toList();
    }
}
