package wengert.nn.optim;

import wengert.tensor.spi.TensorException;

/// A learning rate as a function of the number of steps made before, and of nothing else: resuming a run
/// needs no state. The closed forms of PyTorch's schedulers; n counts from 0.
///
/// ```java
/// Schedule s = Schedule.linear(0.1, 1, 1000).then(Schedule.cosine(100_000, 0));
/// optimizer.step(s, n);
/// ```
@FunctionalInterface
public interface Schedule {
    /// The learning rate.
    ///
    /// @param base learning rate without a schedule
    /// @param n    number of steps made before
    double lr(double base, long n);

    /// The learning rate of this, handed on as the base of another.
    default Schedule then(Schedule next) {
        return (base, n) -> next.lr(lr(base, n), n);
    }

    /// Always the base.
    static Schedule constant() {
        return (base, _) -> base;
    }

    /// `base · gamma^⌊n / size⌋`.
    ///
    /// @param size steps between two drops, at least 1
    static Schedule step(long size, double gamma) {
        positive("step", "size", size);
        return (base, n) -> base * Math.pow(gamma, n / size);
    }

    /// `base · gamma^k`, where k of the milestones are at most n.
    static Schedule multiStep(double gamma, long... milestones) {
        long[] at = milestones.clone();
        return (base, n) -> base * Math.pow(gamma, java.util.Arrays.stream(at).filter(m -> m <= n).count());
    }

    /// `base · gamma^n`.
    static Schedule exponential(double gamma) {
        return (base, n) -> base * Math.pow(gamma, n);
    }

    /// `min + (base − min) · (1 + cos(π n / period)) / 2`: down to `min` after `period` steps (Loshchilov and
    /// Hutter 2017, without restarts), then up again as the cosine has it.
    ///
    /// @param period steps from base to min, at least 1
    static Schedule cosine(long period, double min) {
        positive("cosine", "period", period);
        return (base, n) -> min + (base - min) * (1 + Math.cos(Math.PI * n / period)) / 2;
    }

    /// `base · (start + (end − start) · min(n, steps) / steps)`.
    ///
    /// @param start factor at n = 0
    /// @param end   factor from n = `steps` on
    /// @param steps at least 1
    static Schedule linear(double start, double end, long steps) {
        positive("linear", "steps", steps);
        return (base, n) -> base * (start + (end - start) * Math.min(n, steps) / steps);
    }

    private static void positive(String schedule, String setting, long value) {
        if (value < 1) {
            throw new TensorException("schedule " + schedule + ": " + setting + " must be at least 1, got "
                    + value);
        }
    }
}
