package wengert.autograd;

import java.util.function.Supplier;

/// Whether operators on variables are recorded: on by default, per thread, lexically scoped.
///
/// ```java
/// Variable y = GradMode.off(() -> net.forward(x));   // no history
/// ```
///
/// Working on tensors needs none of this: what is a tensor is never recorded.
public final class GradMode {
    private static final ScopedValue<Boolean> ON = ScopedValue.newInstance();

    private GradMode() {
    }

    /// Whether an operator applied now would be recorded.
    public static boolean isOn() {
        return !ON.isBound() || ON.get();
    }

    /// Runs code without recording.
    public static <R> R off(Supplier<R> code) {
        return ScopedValue.where(ON, false).call(code::get);
    }

    /// Runs code with recording, also inside of [#off].
    public static <R> R on(Supplier<R> code) {
        return ScopedValue.where(ON, true).call(code::get);
    }
}
