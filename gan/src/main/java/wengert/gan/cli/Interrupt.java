package wengert.gan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C, and a polite kill: asks the run to finish its iteration and waits until it has saved.
final class Interrupt implements AutoCloseable {
    /// Longest wait; the system kills what takes longer to shut down.
    private static final int SECONDS = 60;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "interrupt");
    private volatile boolean asked;

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Whether the run has been asked to stop.
    boolean asked() {
        return asked;
    }

    private void stop() {
        asked = true;
        try {
            if (!finished.await(SECONDS, TimeUnit.SECONDS)) {
                System.err.println("wengert: the iteration did not finish within " + SECONDS
                        + " s; the newest checkpoint is the last one written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says that everything is saved. If the JVM is not going down by then, it will not wait for this any
    /// more.
    @Override
    public void close() {
        finished.countDown();
        if (!asked) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                asked = true; // going down already: the hook has run or is about to, and waits for nothing
            }
        }
    }
}
