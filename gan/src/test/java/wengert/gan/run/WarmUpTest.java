package wengert.gan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wengert.gan.config.RunConfig;
import wengert.tensor.KernelCounts;
import wengert.tensor.Memory;

/// A warm-up is seen by nobody, whatever becomes of it.
class WarmUpTest {
    private final AtomicReference<Throwable> uncaught = new AtomicReference<>();
    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    @BeforeEach
    void listen() {
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> uncaught.set(e));
        Memory.trim();
    }

    @AfterEach
    void restore() {
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @Test
    void itCountsNoKernelAndLeavesNoBuffer() throws InterruptedException {
        var kernels = KernelCounts.all();
        double flops = KernelCounts.flops();
        var warmUp = new WarmUp(RunConfig.load("conditional").with("model.size=16", "model.generator.base=8",
                "model.discriminator.base=4", "data.fit=resize"));
        Memory.resetPeak();
        warmUp.begin();
        for (int i = 0; i < 1000 && Memory.peakBytes() == 0; i++) {
            Thread.sleep(5);
        }
        assertTrue(Memory.peakBytes() > 0, "it works, until it is told to stop");
        warmUp.end();
        assertEquals(0, Memory.liveBytes());
        assertEquals(0, Memory.cachedBytes());
        assertEquals(kernels, KernelCounts.all());
        assertEquals(flops, KernelCounts.flops());
        assertNull(uncaught.get());
    }

    @Test
    void anErrorInItIsNotTheRuns() {
        var warmUp = new WarmUp(RunConfig.load("tiny").with("model.generator.base=60000",
                "model.noise=30000"));
        warmUp.begin();
        warmUp.end();
        assertNull(uncaught.get());
    }

    @Test
    void endingOneThatNeverBeganReturnsAtOnce() {
        new WarmUp(RunConfig.load("tiny")).end();
    }
}
