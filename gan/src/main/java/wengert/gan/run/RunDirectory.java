package wengert.gan.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import wengert.tensor.io.AtomicFiles;

/// Where the files of a run are: `config.yaml`, `log.jsonl`, `samples/`, `checkpoints/`, `report.html`, and
/// at the end `generator.safetensors`, `discriminator.safetensors`, `generator_ema.safetensors`.
///
/// @param root the directory
public record RunDirectory(Path root) {
    /// Makes a new one.
    ///
    /// @throws RunException if there is something in it already
    static RunDirectory create(Path root) throws IOException {
        if (Files.exists(root)) {
            if (!Files.isDirectory(root)) {
                throw new RunException("run: " + root + " is a file; name another directory");
            }
            try (Stream<Path> entries = Files.list(root)) {
                if (entries.findAny().isPresent()) {
                    throw new RunException("run: " + root + " is not empty; name another directory"
                            + (Files.exists(root.resolve("config.yaml")) ? ", or resume the run in it" : ""));
                }
            }
        }
        var run = new RunDirectory(root);
        Files.createDirectories(run.samples());
        Files.createDirectories(run.checkpoints());
        return run;
    }

    /// The run that a directory is, or that a checkpoint's directory belongs to.
    ///
    /// @throws RunException if there is none
    static RunDirectory of(Path runOrCheckpoint) {
        if (!Files.exists(runOrCheckpoint)) {
            throw new RunException("run: there is nothing at " + runOrCheckpoint
                    + "; name the directory that a training has made");
        }
        Path root = rootOf(runOrCheckpoint);
        if (!Files.isRegularFile(root.resolve("config.yaml"))) {
            throw new RunException("run: " + runOrCheckpoint + " is no run: there is no config.yaml in "
                    + (root.equals(runOrCheckpoint) ? "it" : root)
                    + "; name the directory that a training has made");
        }
        return new RunDirectory(root);
    }

    /// The directory of a run, as the user writes it where that shows in the path of a checkpoint.
    static Path rootOf(Path runOrCheckpoint) {
        Path full = runOrCheckpoint.toAbsolutePath().normalize();
        if (!isCheckpoint(full)) {
            return runOrCheckpoint;
        }
        Path parent = runOrCheckpoint.normalize().getParent();
        return parent != null && parent.endsWith("checkpoints") && parent.getParent() != null
                ? parent.getParent() : full.getParent().getParent();
    }

    static boolean isCheckpoint(Path p) {
        return p.getParent() != null && p.getParent().getFileName() != null
                && p.getParent().getFileName().toString().equals("checkpoints");
    }

    /// The merged configuration.
    public Path config() {
        return root.resolve("config.yaml");
    }

    /// One JSON object per line.
    public Path log() {
        return root.resolve("log.jsonl");
    }

    /// Sample grids.
    public Path samples() {
        return root.resolve("samples");
    }

    /// The grid after so many iterations.
    public Path sample(int step) {
        return samples().resolve(String.format(Locale.ROOT, "step_%06d.png", step));
    }

    /// Checkpoints.
    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /// The report.
    public Path report() {
        return root.resolve("report.html");
    }

    /// A network saved at the end: `generator`, `discriminator` or `generator_ema`.
    public Path network(String name) {
        return root.resolve(name + ".safetensors");
    }

    void writeConfig(String yaml) throws IOException {
        AtomicFiles.write(config(), out -> out.write(yaml.getBytes(StandardCharsets.UTF_8)));
    }
}
