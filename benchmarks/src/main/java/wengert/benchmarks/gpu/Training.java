package wengert.benchmarks.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wengert.gan.config.RunConfig;
import wengert.gan.report.LogEntry;
import wengert.gan.run.Monitor;
import wengert.gan.run.TrainingRun;
import wengert.tensor.spi.Device;

/// Trains the preset `dcgan` on the bundled images for a while, the way `./wengert train` does, and leaves a
/// grid of what the generator draws.
final class Training {
    private final Device device;
    private final boolean quick;

    /// @param quick the preset `tiny`, for three iterations
    Training(Device device, boolean quick) {
        this.device = device;
        this.quick = quick;
    }

    /// @return whether it trained to the end
    boolean run(Path out, PrintWriter to) throws IOException {
        int steps = quick ? 3 : 600;
        int warm = quick ? 1 : 100;
        List<String> sets = quick
                ? List.of("model.size=8", "model.generator.base=4", "model.discriminator.base=4", "batch=4",
                        "sample.count=4")
                : List.of();
        RunConfig config = RunConfig.load(quick ? "tiny" : "dcgan", sets, Map.of("device", device.toString(),
                "steps", String.valueOf(steps), "sample.interval", "0", "checkpoint.interval", "0"));
        TrainingRun run = TrainingRun.start(config, unused(out));
        to.printf(Locale.ROOT, "%ntraining%n%s%nbatch %d, %d iterations%n", run.images().description(),
                config.whole("batch"), steps);
        var watch = new Watch(warm, steps, to);
        boolean complete = run.train(watch);
        to.printf(Locale.ROOT, "%.0f images/s from iteration %d on; %s%n",
                (double) config.whole("batch") * (steps - warm) / watch.seconds, warm,
                run.directory().sample(steps));
        return complete;
    }

    private static Path unused(Path out) {
        Path to = out.resolve("gpu-check-run");
        for (int i = 2; Files.exists(to); i++) {
            to = out.resolve("gpu-check-run-" + i);
        }
        return to;
    }

    /// Takes the time between two iterations, both of which the device has finished.
    private final class Watch implements Monitor {
        private final int first;
        private final int last;
        private final PrintWriter to;
        private long begin;
        private double seconds;

        Watch(int first, int last, PrintWriter to) {
            this.first = first;
            this.last = last;
            this.to = to;
        }

        @Override
        public void iteration(int done, int images) {
            if (done == first || done == last) {
                device.backend().synchronize();
                long now = System.nanoTime();
                seconds = (now - begin) * 1e-9;
                begin = now;
            }
        }

        @Override
        public void logged(LogEntry entry) {
            if (entry.step() == last) {
                entry.losses().forEach((name, loss) -> to.printf(Locale.ROOT, "%s %.4f%n", name, loss));
            }
        }
    }
}
