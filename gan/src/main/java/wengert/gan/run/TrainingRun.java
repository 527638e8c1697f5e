package wengert.gan.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import wengert.gan.config.RunConfig;
import wengert.gan.data.DataSources;
import wengert.gan.data.ImageSet;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.report.LogEntry;
import wengert.gan.report.LogWriter;
import wengert.tensor.KernelCounts;
import wengert.tensor.Tensor;
import wengert.tensor.spi.BackendException;

/// A training on disk: the trainer's loop with logging, pictures and checkpoints around it. Whatever stops
/// it, it can be resumed from its newest checkpoint, and ends with the same bits as a run that was never
/// stopped.
///
/// ```java
/// var run = TrainingRun.start(RunConfig.load("tiny"), Path.of("runs/first"));
/// run.train(new Monitor() { });
/// ```
public final class TrainingRun {
    private final RunDirectory directory;
    private final RunConfig config;
    private final ImageSet images;
    private final Experiment experiment;
    private final SampleGrid grid;
    private final WarmUp warmUp;
    private int step;
    private Speed speed = new Speed(0, 0, 0);

    /// What the iterations of this process came to; pictures and checkpoints are not in it.
    ///
    /// @param images  real images seen
    /// @param seconds that the iterations took
    /// @param flops   floating-point operations of their products and convolutions
    public record Speed(long images, double seconds, double flops) {
    }

    private TrainingRun(RunDirectory directory, RunConfig config, ImageSet images, Experiment experiment,
            WarmUp warmUp) {
        this.warmUp = warmUp;
        this.directory = directory;
        this.config = config;
        this.images = images;
        this.experiment = experiment;
        grid = new SampleGrid(experiment.random, experiment.device, config.whole("sample.count"),
                config.whole("sample.rows"), experiment.noise, experiment.classes);
    }

    /// A new run. Data and networks are there before the directory is made, so a mistake leaves nothing
    /// behind.
    public static TrainingRun start(RunConfig config, Path directory) throws IOException {
        WarmUp warmUp = WarmUp.start(config);
        try {
            ImageSet images = DataSources.open(config);
            var experiment = new Experiment(config, images);
            RunDirectory made = RunDirectory.create(directory);
            made.writeConfig(config.toYaml());
            return new TrainingRun(made, config, images, experiment, warmUp);
        } catch (IOException | RuntimeException e) {
            warmUp.stop();
            throw e;
        }
    }

    /// Goes on with a run.
    ///
    /// ```java
    /// TrainingRun.resume(Path.of("runs/first"), "steps=2000").train(new Monitor() { });
    /// ```
    ///
    /// @param runOrCheckpoint the run's directory, for its newest checkpoint, or one of its checkpoints
    /// @param sets            `key=value` changes; only of what may change
    public static TrainingRun resume(Path runOrCheckpoint, String... sets) throws IOException {
        return resume(runOrCheckpoint, before -> before.with(sets));
    }

    /// Goes on with a run as a command line says.
    ///
    /// @param runOrCheckpoint the run's directory, for its newest checkpoint, or one of its checkpoints
    /// @param sets            `key=value` changes, as after `--set`; only of what may change
    /// @param options         changes by key, of options that are called like their key
    public static TrainingRun resume(Path runOrCheckpoint, List<String> sets, Map<String, String> options)
            throws IOException {
        return resume(runOrCheckpoint, before -> before.with(sets, options));
    }

    private static TrainingRun resume(Path runOrCheckpoint, UnaryOperator<RunConfig> change)
            throws IOException {
        RunDirectory directory = RunDirectory.of(runOrCheckpoint);
        RunConfig before = RunConfig.ofRun(directory.config());
        RunConfig config = change.apply(before);
        config.checkResume(before);
        Checkpoint checkpoint = checkpoint(directory, runOrCheckpoint);
        before.checkUnchanged(checkpoint.texts("settings"), directory.config());
        if (config.whole("steps") < checkpoint.step()) {
            throw new RunException("run: " + checkpoint.step() + " iterations of " + directory.root()
                    + " are done; expected steps of at least that, got " + config.whole("steps"));
        }
        WarmUp warmUp = WarmUp.start(config);
        try {
            ImageSet images = DataSources.open(config);
            var run = new TrainingRun(directory, config, images, new Experiment(config, images), warmUp);
            run.restore(checkpoint);
            directory.writeConfig(config.toYaml());
            return run;
        } catch (IOException | RuntimeException e) {
            warmUp.stop();
            throw e;
        }
    }

    /// The generator of a run that is not complete, or of one of its checkpoints.
    static LayeredNetwork generatorOf(Path runOrCheckpoint) throws IOException {
        RunDirectory directory = RunDirectory.of(runOrCheckpoint);
        RunConfig config = RunConfig.load(directory.config().toString());
        Checkpoint checkpoint = checkpoint(directory, runOrCheckpoint);
        var generator = new LayeredNetwork(Dcgan.of(config).generator());
        generator.loadStateDict(checkpoint.tensors(
                config.flag("ema.enabled") ? "generator_ema.safetensors" : "generator.safetensors"));
        generator.eval();
        return generator;
    }

    private static Checkpoint checkpoint(RunDirectory directory, Path runOrCheckpoint) throws IOException {
        return RunDirectory.isCheckpoint(runOrCheckpoint.toAbsolutePath().normalize())
                ? Checkpoint.open(runOrCheckpoint) : Checkpoint.newest(directory.root());
    }

    private void restore(Checkpoint checkpoint) throws IOException {
        step = checkpoint.step();
        Experiment e = experiment;
        e.generator.loadStateDict(checkpoint.tensors("generator.safetensors"));
        e.discriminator.loadStateDict(checkpoint.tensors("discriminator.safetensors"));
        if (e.average != null) {
            e.average.loadStateDict(checkpoint.tensors("generator_ema.safetensors"));
        }
        e.optG.load(checkpoint.tensors("optimizer_generator.safetensors"));
        e.optD.load(checkpoint.tensors("optimizer_discriminator.safetensors"));
        e.trainer.generatorUpdates(checkpoint.whole("generator_updates"));
        Map<String, Integer> draws = new LinkedHashMap<>();
        checkpoint.map("draws").forEach((stream, n) -> draws.put(stream, ((Long) n).intValue()));
        e.random.restore(draws);
    }

    /// Trains to the last iteration, or until the monitor says stop; either way a checkpoint is written at
    /// the end.
    ///
    /// @return true if the run is complete
    /// @throws wengert.gan.train.DivergedException if a loss is no longer a number; checkpoints are untouched
    /// @throws RunException if the device fails in an iteration, with the way to go on; the same
    public boolean train(Monitor monitor) throws IOException {
        try {
            return iterations(monitor);
        } catch (BackendException e) {
            throw new RunException("run: " + step + " iterations were done when this happened: "
                    + e.getMessage() + "\n  " + wayOn(), e);
        }
    }

    /// How to go on after an error, be it one after which a device can compute nothing any more.
    private String wayOn() throws IOException {
        List<Path> saved = Checkpoint.list(directory.checkpoints());
        return saved.isEmpty() ? "There is no checkpoint yet, so start anew; checkpoint.interval says how "
                + "often one is written."
                : "The newest checkpoint is " + saved.getLast() + "; to go on from it, resume "
                        + directory.root() + ".";
    }

    private boolean iterations(Monitor monitor) throws IOException {
        int steps = config.whole("steps");
        int accumulation = config.whole("accumulation");
        if (step == 0) {
            sample(monitor);
        }
        warmUp.end();
        // what lies on a device is read as rarely as possible, for reading waits
        boolean host = experiment.device.isHost();
        long start = System.nanoTime();
        try (var log = LogWriter.open(directory.log(), step)) {
            log.notes().forEach(monitor::note);
            var window = new LossWindow();
            while (step < steps && !monitor.stop()) {
                double flops = KernelCounts.flops();
                long begin = System.nanoTime();
                experiment.trainer.step(step, experiment.inputs);
                int seen = 0;
                for (int a = 0; a < accumulation; a++) {
                    seen += experiment.loader.size((long) step * accumulation + a);
                }
                step++;
                boolean logs = step % config.whole("log.interval") == 0 || step == steps;
                List<Map<String, Double>> losses = host || logs || due("sample.interval")
                        || due("checkpoint.interval") ? experiment.trainer.losses() : List.of();
                long took = System.nanoTime() - begin;
                window.add(losses, seen, took);
                speed = new Speed(speed.images + seen, speed.seconds + took * 1e-9,
                        speed.flops + KernelCounts.flops() - flops);
                monitor.iteration(step, seen);
                if (logs) {
                    LogEntry entry = window.close(step, (System.nanoTime() - start) / 1e9, rates());
                    log.write(entry);
                    monitor.logged(entry);
                }
                if (due("sample.interval") || step == steps) {
                    sample(monitor);
                }
                if (due("checkpoint.interval") && step < steps) {
                    checkpoint(monitor);
                }
            }
            experiment.trainer.losses(); // a checkpoint is of networks whose losses are numbers
        }
        checkpoint(monitor);
        if (step < steps) {
            return false;
        }
        finish(monitor);
        return true;
    }

    private Map<String, Double> rates() {
        return Map.of("generator", experiment.optG.groups().getFirst().lr(),
                "discriminator", experiment.optD.groups().getFirst().lr());
    }

    private boolean due(String interval) {
        int every = config.whole(interval);
        return every > 0 && step % every == 0;
    }

    private void sample(Monitor monitor) throws IOException {
        Path file = directory.sample(step);
        grid.write(experiment.sampler(), file);
        monitor.wrote(file);
    }

    private void checkpoint(Monitor monitor) throws IOException {
        Experiment e = experiment;
        var files = new LinkedHashMap<String, Map<String, Tensor>>();
        files.put("generator.safetensors", e.generator.stateDict());
        files.put("discriminator.safetensors", e.discriminator.stateDict());
        if (e.average != null) {
            files.put("generator_ema.safetensors", e.average.stateDict());
        }
        files.put("optimizer_generator.safetensors", e.optG.state());
        files.put("optimizer_discriminator.safetensors", e.optD.state());
        var state = new LinkedHashMap<String, Object>();
        state.put("generator_updates", (long) e.trainer.generatorUpdates());
        var draws = new LinkedHashMap<String, Object>();
        e.random.draws().forEach((stream, n) -> draws.put(stream, (long) n));
        state.put("draws", draws);
        state.put("settings", new LinkedHashMap<String, Object>(config.fixed()));
        monitor.wrote(Checkpoint.save(directory.checkpoints(), step, files, state));
        Checkpoint.prune(directory.checkpoints(), config.whole("checkpoint.keep"));
    }

    private void finish(Monitor monitor) throws IOException {
        Experiment e = experiment;
        SavedNetwork.save(directory.network("generator"), e.generator);
        SavedNetwork.save(directory.network("discriminator"), e.discriminator);
        monitor.wrote(directory.network("generator"));
        monitor.wrote(directory.network("discriminator"));
        if (e.average != null) {
            SavedNetwork.save(directory.network("generator_ema"), e.average);
            monitor.wrote(directory.network("generator_ema"));
        }
    }

    /// How fast the iterations of this process were.
    public Speed speed() {
        return speed;
    }

    /// Iterations done.
    public int step() {
        return step;
    }

    /// Where its files are.
    public RunDirectory directory() {
        return directory;
    }

    /// The merged configuration.
    public RunConfig config() {
        return config;
    }

    /// The network that makes images.
    public LayeredNetwork generator() {
        return experiment.generator;
    }

    /// The network that judges them.
    public LayeredNetwork discriminator() {
        return experiment.discriminator;
    }

    /// The images it learns from.
    public ImageSet images() {
        return images;
    }
}
