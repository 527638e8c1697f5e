package wengert.benchmarks;

import wengert.cuda.CudaBackend;
import wengert.cuda.driver.Event;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.Device;

/// What only the CUDA backend knows of itself. A class of its own, so that nothing of that backend is loaded
/// where no card was asked for.
public final class Card {
    private Card() {
    }

    /// Whether a device is a card.
    public static boolean is(Device device) {
        return device.kind().equals("cuda");
    }

    /// Most bytes of the card that were taken at once since [#resetPeak].
    public static long peakBytes(Device card) {
        return backend(card).memory().peak();
    }

    /// Starts a new measurement of [#peakBytes].
    public static void resetPeak(Device card) {
        backend(card).resetPeak();
    }

    /// A mark with a time behind everything that is queued on a card.
    public static Event mark(Device card) {
        return backend(card).mark();
    }

    /// Kernels of this project started so far.
    public static long launches() {
        return Launch.count();
    }

    private static CudaBackend backend(Device card) {
        return (CudaBackend) card.backend();
    }
}
