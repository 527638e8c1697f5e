package wengert.tensor.spi;

/// How fast the machine under a backend is at best: what a kernel's speed is compared with.
public interface SpeedProbe {
    /// Measured limits of a machine.
    ///
    /// @param threads        threads the backend computes with
    /// @param oneThread      f32 operations per second of one thread, a fused multiply-add counted as two
    /// @param allThreads     the same of all threads together
    /// @param bytesPerSecond memory read and written by a large copy, all threads together
    record Speed(int threads, double oneThread, double allThreads, double bytesPerSecond) {
    }

    /// Measures; takes about a third of a second of all threads.
    Speed measure();
}
