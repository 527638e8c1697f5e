package wengert.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;

/// Whether the Vector API is here and how wide its vectors are. Classes that mention vector types are reached
/// only behind [#PRESENT], so they are never loaded without the module `jdk.incubator.vector`.
///
/// `-Dwengert.vector.bits=N` forces a width (128, 256, 512), 0 the plain loops; for tests and comparisons.
final class Simd {
    /// Forced width in bits, or −1 for what the processor prefers.
    static final int FORCED = Integer.getInteger("wengert.vector.bits", -1);
    /// True if vector kernels run.
    static final boolean PRESENT = FORCED != 0
            && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private static final AtomicBoolean HINTED = new AtomicBoolean();

    private Simd() {
    }

    /// For [CpuBackend#description()].
    static String describe() {
        return PRESENT ? "Vector API " + Species.F.vectorBitSize() + " bit" : "plain loops";
    }

    /// Says once how to become faster, if the module was not asked for.
    static void hint() {
        if (!PRESENT && FORCED != 0 && HINTED.compareAndSet(false, true)) {
            System.getLogger("wengert").log(System.Logger.Level.INFO,
                    "The cpu backend runs plain loops. Start Java "
                    + "with --add-modules jdk.incubator.vector for vector kernels, several times as fast.");
        }
    }
}
