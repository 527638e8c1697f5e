package wengert.tensor;

import java.util.function.BiConsumer;
import wengert.tensor.ops.Op;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.View;

/// Lets a program stand around every operator, to time it or to say what is run.
///
/// ```java
/// OperatorWatch.during((name, kernels) -> {
///     long begin = System.nanoTime();
///     kernels.run();
///     times.merge(name, System.nanoTime() - begin, Long::sum);
/// }, step);
/// ```
public final class OperatorWatch {
    private static final ThreadLocal<BiConsumer<String, Runnable>> CURRENT = new ThreadLocal<>();

    private OperatorWatch() {
    }

    /// Runs code whose operators are watched, as far as this thread starts them. Views are not operators, and
    /// neither is what optimisers and assignments in place do.
    ///
    /// @param watch gets an operator's name and runs its kernels, once
    public static void during(BiConsumer<String, Runnable> watch, Runnable code) {
        BiConsumer<String, Runnable> before = CURRENT.get();
        CURRENT.set(watch);
        try {
            code.run();
        } finally {
            CURRENT.set(before);
        }
    }

    static void forward(Op op, Backend backend, View[] in, View[] out) {
        BiConsumer<String, Runnable> watch = CURRENT.get();
        if (watch == null) {
            op.forward(backend, in, out);
        } else {
            watch.accept(op.name(), () -> op.forward(backend, in, out));
        }
    }
}
