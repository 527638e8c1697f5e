package wengert.gan.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import wengert.gan.nets.LayeredNetwork;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.io.ImageGrid;
import wengert.tensor.io.Npy;
import wengert.tensor.io.Png;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Images from a trained generator, into files.
public final class Sampling {
    /// Images generated at a time, so that memory does not grow with their number.
    private static final int AT_ONCE = 64;

    private Sampling() {
    }

    /// The generator of a run (its average where there is one), of a checkpoint, or in a file.
    public static LayeredNetwork generator(Path where) throws IOException {
        if (Files.isRegularFile(where)) {
            return SavedNetwork.load(where);
        }
        RunDirectory run = RunDirectory.of(where);
        for (String name : new String[] {"generator_ema", "generator"}) {
            if (!RunDirectory.isCheckpoint(where.toAbsolutePath().normalize())
                    && Files.isRegularFile(run.network(name))) {
                return SavedNetwork.load(run.network(name));
            }
        }
        return TrainingRun.generatorOf(where);
    }

    /// Draws images, all from one noise tensor, so the first of them do not depend on how many there are.
    ///
    /// @param count at least 1
    /// @param label class of all, or null for all classes in turn
    /// @return f32 [count, C, H, W] in [−1, 1]
    public static Tensor draw(LayeredNetwork generator, int count, long seed, Integer label) {
        int z = generator.architecture().input("noise_size");
        int classes = generator.architecture().input("classes");
        if (z == 0) {
            throw new RunException("sample: this network takes no noise; it is a discriminator, or was not "
                    + "saved by a run");
        }
        if (label != null && (label < 0 || label >= classes)) {
            throw new RunException("sample: "
                    + (classes == 0 ? "this generator is unconditional and takes no label" : "label " + label
                    + " is not one of its classes, 0 to " + (classes - 1)));
        }
        Device device = generator.parameters().getFirst().device();
        Tensor noise = Generator.seeded(seed).stream("z").as(DType.F32, device).normal(count, z);
        Tensor labels = classes == 0 ? null : (label == null ? SampleGrid.inTurn(count, classes)
                : Tensor.full(label, DType.I64, count)).to(device);
        Tensor all = null;
        for (int at = 0; at < count; at += AT_ONCE) {
            int end = Math.min(count, at + AT_ONCE);
            try (var scope = Scope.open("sample")) {
                Tensor part = generator.forward(noise.slice(0, at, end, 1),
                        labels == null ? null : labels.slice(0, at, end, 1));
                if (all == null) {
                    int[] sizes = part.shape().toArray();
                    sizes[0] = count;
                    all = Scope.outside(() -> Tensor.zeros(sizes));
                }
                all.slice(0, at, end, 1).copyInPlace(part);
            }
        }
        return all;
    }

    /// Draws images and writes them: a grid (`.png`), an array (`.npy`), or single images into a folder.
    public static void write(LayeredNetwork generator, int count, long seed, Integer label, Path to)
            throws IOException {
        String name = to.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean known = name.endsWith(".png") || name.endsWith(".npy") || !name.contains(".");
        if (!known && !Files.isDirectory(to)) {
            throw new RunException("sample: " + to
                    + " ends neither in .png nor in .npy; a folder's name has no dot");
        }
        Tensor images = draw(generator, count, seed, label);
        if (to.toAbsolutePath().getParent() != null) {
            Files.createDirectories(to.toAbsolutePath().getParent());
        }
        if (name.endsWith(".png")) {
            Png.write(to, ImageGrid.of(images, (int) Math.ceil(Math.sqrt(count)), 2));
        } else if (name.endsWith(".npy")) {
            Npy.write(to, images);
        } else {
            Files.createDirectories(to);
            int digits = Math.max(4, String.valueOf(count - 1).length());
            for (int i = 0; i < count; i++) {
                Png.write(to.resolve(String.format(Locale.ROOT, "%0" + digits + "d.png", i)),
                        images.select(0, i));
            }
        }
    }
}
