package wengert.gan.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import wengert.gan.config.RunConfig;
import wengert.gan.report.LogEntry;
import wengert.gan.report.Progress;
import wengert.gan.run.Monitor;
import wengert.gan.run.RunException;
import wengert.gan.run.TrainingRun;
import wengert.tensor.spi.Device;

/// `./wengert train`.
@Command(name = "train", mixinStandardHelpOptions = true,
        description = "Trains a GAN. Without arguments: a DCGAN on the bundled images.",
        footer = {"", "Examples:",
            "  ./wengert train",
            "  ./wengert train wgan-gp --steps 500 --out runs/penalty",
            "  ./wengert train --set batch=32 --set optimizer.generator.lr=1e-4",
            "  ./wengert train conditional --data idx:/usr/share/datasets/fashion-mnist",
            "  ./wengert train --resume runs/dcgan --steps 2000",
            "", "Ctrl-C finishes the iteration, saves, and says how to go on."})
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PRESET | CONFIG.yaml",
            description = "What to train: dcgan unless said otherwise. ./wengert config shows all settings.")
    private String what;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--out", paramLabel = "DIR", description = "Directory of the run; runs/NAME unless said "
            + "otherwise.")
    private Path directory;

    @Option(names = "--resume", paramLabel = "RUN", description = "Go on with a run, from its newest "
            + "checkpoint or from the checkpoint given.")
    private Path resumed;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (resumed != null && (what != null || directory != null)) {
            throw new ParameterException(spec.commandLine(), "--resume goes on in the run's own directory "
                    + "with its own configuration; leave out " + (what != null ? "'" + what + "'" : "--out"));
        }
        TrainingRun run = resumed != null ? TrainingRun.resume(resumed, options.sets(), options.options())
                : begin();
        int first = run.step();
        int last = run.config().whole("steps");
        describe(out, run, first, last);
        long start = System.nanoTime();
        boolean complete;
        try (var interrupt = new Interrupt()) {
            try (var progress = Progress.open(System.out, Progress.isTerminal(), first, last)) {
                complete = run.train(new Watch(progress, interrupt));
            }
            new Summary(run, complete, (System.nanoTime() - start) / 1e9).write(out);
            out.flush();
        }
        return complete ? 0 : 1;
    }

    private TrainingRun begin() throws java.io.IOException {
        RunConfig config = RunConfig.load(what, options.sets(), options.options());
        Path to = directory != null ? directory : unused(config.text("name"));
        try {
            return TrainingRun.start(config, to);
        } catch (RunException e) {
            throw new RunException(e.getMessage() + ": --out DIR"
                    + (Files.exists(to.resolve("config.yaml")) ? " or --resume " + to : ""));
        }
    }

    /// `runs/NAME`, or with a number behind it if there is something already.
    private static Path unused(String name) {
        Path to = Path.of("runs", name);
        for (int i = 2; Files.exists(to); i++) {
            to = Path.of("runs", name + "-" + i);
        }
        return to;
    }

    private static void describe(PrintWriter out, TrainingRun run, int first, int last) {
        if (run.config().text("device").equals("auto")) {
            Device device = Device.parse("auto");
            out.println("on " + device + (device.equals(Device.CPU)
                    ? ": no card can be used, and ./wengert doctor says what is missing"
                    : ", " + device.backend().description()));
        }
        out.println(Failures.options(run.images().description()));
        List<String> skipped = run.images().skipped();
        if (!skipped.isEmpty()) {
            out.printf("%d files could not be read and are left out:%n", skipped.size());
            skipped.stream().limit(10).forEach(line -> out.println("  " + line));
            if (skipped.size() > 10) {
                out.printf("  and %d more%n", skipped.size() - 10);
            }
        }
        out.printf(Locale.ROOT, "generator %,d parameters, discriminator %,d parameters%n",
                run.generator().parameterCount(), run.discriminator().parameterCount());
        if (first >= last) {
            out.printf("all %d iterations of %s are done; --steps asks for more%n", first,
                    run.directory().root());
        } else {
            out.printf("%s %s, iterations %d to %d%n", first == 0 ? "training in" : "going on in",
                    run.directory().root(), first + 1, last);
        }
        out.flush();
    }

    /// Shows the run's progress and passes a wish to stop on.
    private record Watch(Progress progress, Interrupt interrupt) implements Monitor {
        @Override
        public void iteration(int done, int images) {
            progress.step(done);
        }

        @Override
        public void logged(LogEntry entry) {
            progress.entry(entry);
        }

        @Override
        public void note(String text) {
            progress.note(text);
        }

        @Override
        public boolean stop() {
            return interrupt.asked();
        }
    }
}
