package wengert.cuda.load;

import java.util.List;
import wengert.tensor.spi.DeviceException;
import wengert.tensor.spi.DeviceFamily;

/// The door to the card: whoever calls JCuda calls [#load()] first.
public final class Libraries {
    private static Setup setup;
    private static List<Card> cards;

    private Libraries() {
    }

    /// Loads the driver, cuBLAS, cuDNN and, where it is there, NVRTC, each by its full path, and JCuda's
    /// classes that call them. After the first time it does nothing. Any thread may call it.
    ///
    /// @throws DeviceException if something is missing or does not fit, with what to do
    public static void load() {
        setup().load();
    }

    /// The cards that the driver knows. Needs no more than the driver.
    ///
    /// @throws DeviceException if there is no driver, or no card
    public static synchronized List<Card> cards() {
        if (cards == null) {
            cards = setup().cards();
        }
        return cards;
    }

    /// Loads cuDNN, without which [#load()] is content where convolutions are to be computed by kernels of
    /// our own.
    ///
    /// @throws DeviceException if it is missing or does not fit, with what to do
    public static void loadCudnn() {
        Problem problem = setup().start(Library.CUDNN);
        if (problem != null) {
            throw new Problem(problem);
        }
    }

    /// Whether kernels can be compiled here: NVRTC is loaded, and `jcuda.nvrtc.JNvrtc` may be called.
    public static boolean hasNvrtc() {
        return setup().start(Library.NVRTC) == null;
    }

    /// The table of `doctor`.
    public static List<DeviceFamily.Need> report() {
        return new Report(setup()).rows();
    }

    private static synchronized Setup setup() {
        if (setup == null) {
            setup = new Setup(Places.ofThisMachine());
        }
        return setup;
    }
}
