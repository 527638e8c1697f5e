package wengert.gan.run;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import wengert.gan.config.RunConfig;
import wengert.gan.data.Batch;
import wengert.gan.data.ImageSet;
import wengert.gan.nets.Dcgan;
import wengert.gan.train.Phase;
import wengert.gan.train.StepInputs;
import wengert.tensor.KernelCounts;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;
import wengert.tensor.io.ByteImages;
import wengert.tensor.spi.Device;

/// Trains a throw-away copy of a run on two images of noise, on a thread of its own, until the run has loaded
/// its data and begins. In a JVM that has just started, kernels are interpreted, their vectors being objects;
/// here they are compiled while there is nothing else to compute. Nothing of it is seen by the run: no random
/// stream, no counter, no buffer, no file.
final class WarmUp {
    private static final String[] SMALL = {"batch=2", "accumulation=1"};
    /// Everything is compiled by then; so a run that is never trained costs a second or two of a processor.
    private static final int MOST = 40;
    private static final AtomicBoolean WARM = new AtomicBoolean();
    private final RunConfig config;
    private final Thread thread;
    private volatile boolean over;

    /// Ends a phase that has just begun.
    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1;

        Over() {
            super("the run begins", null, false, false);
        }
    }

    WarmUp(RunConfig config) {
        this.config = config;
        thread = Thread.ofPlatform().daemon().name("wengert-warm-up").unstarted(
                () -> KernelCounts.without(this::run));
    }

    /// Starts, if the run is one of the CPU and the first one in this JVM.
    static WarmUp start(RunConfig config) {
        var warmUp = new WarmUp(config);
        if (Device.parse(config.text("device")).equals(Device.CPU) && WARM.compareAndSet(false, true)) {
            warmUp.begin();
        }
        return warmUp;
    }

    void begin() {
        thread.start();
    }

    private void run() {
        boolean alone = Memory.cachedBytes(Device.CPU) == 0;
        try {
            RunConfig small = config.with(SMALL);
            var experiment = new Experiment(small, noise(small));
            var inputs = new Inputs(experiment.inputs);
            for (int t = 0; t < MOST; t++) {
                experiment.trainer.iteration(t, inputs);
            }
        } catch (Over e) {
            // as it should end
        } catch (Throwable e) {
            // What is wrong with the run, the run itself will say; that a copy finds no memory is no reason
            // to fail.
            System.getLogger("wengert").log(System.Logger.Level.DEBUG, "warm-up ended", e);
        } finally {
            if (alone) {
                Memory.trim(Device.CPU);
            }
        }
    }

    private static ImageSet noise(RunConfig config) {
        int count = config.whole("batch");
        int size = config.whole("model.size");
        int channels = config.whole("model.channels");
        byte[] pixels = new byte[count * channels * size * size];
        new Random(1).nextBytes(pixels);
        int classes = Dcgan.of(config).classes();
        return new ImageSet("noise", new ByteImages(count, channels, size, size, pixels,
                new int[classes > 0 ? count : 0]), List.of(filled(classes)), List.of());
    }

    private static String[] filled(int classes) {
        var names = new String[classes];
        Arrays.fill(names, "");
        return names;
    }

    /// Says that it shall end, and goes on.
    void stop() {
        over = true;
    }

    /// Ends it, and waits until it has ended: at most for one phase of an iteration on two images.
    void end() {
        stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Inputs that are there until the run begins.
    private final class Inputs implements StepInputs {
        private final StepInputs from;

        Inputs(StepInputs from) {
            this.from = from;
        }

        private StepInputs from() {
            if (over) {
                throw new Over();
            }
            return from;
        }

        @Override
        public Batch real(int iteration, int accumulation) {
            return from().real(iteration, accumulation);
        }

        @Override
        public Tensor noise(Phase phase, int iteration, int accumulation, int n) {
            return from().noise(phase, iteration, accumulation, n);
        }

        @Override
        public Tensor labels(Phase phase, int iteration, int accumulation, int n) {
            return from().labels(phase, iteration, accumulation, n);
        }

        @Override
        public Tensor epsilon(int iteration, int accumulation, int n) {
            return from().epsilon(iteration, accumulation, n);
        }
    }
}
