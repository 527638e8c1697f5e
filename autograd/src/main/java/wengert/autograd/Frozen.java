package wengert.autograd;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import wengert.tensor.spi.GradException;

/// Parameters that count as constants on this thread until [#close]: no gradient is computed for them,
/// gradients still flow through what they are used in. An overlay, not a change: the parameters' own flags
/// are untouched, other threads see nothing, and scopes nest.
///
/// ```java
/// try (var frozen = Frozen.of(discriminator.parameters())) {
///     loss.backward();   // reaches the generator through the discriminator
/// }
/// ```
public final class Frozen implements AutoCloseable {
    private static final ThreadLocal<Map<Variable, Integer>> DEPTH = new ThreadLocal<>();
    /// How many are open on all threads: while it is 0, which is most of the time, there is nothing to look
    /// up.
    private static final AtomicInteger OPEN = new AtomicInteger();

    private final List<Variable> variables;
    private final Thread thread = Thread.currentThread();
    private boolean open = true;

    private Frozen(List<Variable> variables) {
        this.variables = variables;
    }

    /// Freezes these leaves on this thread.
    public static Frozen of(Collection<? extends Variable> variables) {
        var frozen = new Frozen(List.copyOf(variables)); // refuses null, before anything is counted
        Map<Variable, Integer> depth = DEPTH.get();
        if (depth == null) {
            depth = new IdentityHashMap<>();
            DEPTH.set(depth);
        }
        for (Variable v : frozen.variables) {
            depth.merge(v, 1, Integer::sum);
        }
        OPEN.incrementAndGet();
        return frozen;
    }

    /// Whether this leaf is frozen on this thread.
    public static boolean contains(Variable v) {
        if (OPEN.get() == 0) {
            return false;
        }
        Map<Variable, Integer> depth = DEPTH.get();
        return depth != null && depth.containsKey(v);
    }

    /// Ends this freezing; enclosing ones go on.
    ///
    /// @throws GradException on another thread, which knows nothing of it
    @Override
    public void close() {
        if (!open) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new GradException("frozen: expected close() on thread " + thread.getName()
                    + ", which opened it, got " + Thread.currentThread().getName());
        }
        open = false;
        OPEN.decrementAndGet();
        Map<Variable, Integer> depth = DEPTH.get();
        for (Variable v : variables) {
            depth.computeIfPresent(v, (_, n) -> n == 1 ? null : n - 1);
        }
        if (depth.isEmpty()) {
            DEPTH.remove();
        }
    }
}
