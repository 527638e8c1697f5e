package wengert.gan.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import wengert.gan.config.RunConfig;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.Idx;

/// Finds the images that a configuration asks for, and brings them to its size and channels.
///
/// `data.source` is one of
/// - `bundled`: the 10,000 test images of Fashion-MNIST that come with the program, 28×28 gray, ten classes;
/// - `idx`: files of MNIST and its copies; `data.path` is a folder or the file of images, and is Debian's
///   `/usr/share/datasets/fashion-mnist` if it is empty;
/// - `cifar10`: the binary files of CIFAR-10; a folder or one file, `cifar-10-batches-bin` if it is empty;
/// - `folder`: PNG and JPEG files in a folder and everything below it; the sub-folders are classes, in
///   alphabetical order.
///
/// `data.fit` says how they get `model.size`: `pad` puts the image into the middle of a black square,
/// `resize` takes the square in its middle and averages areas (smaller) or interpolates between pixels
/// (larger), `auto` pads if all images have one size between three quarters of `model.size` and `model.size`,
/// else resizes. Gray becomes RGB (`model.channels` 3) by repetition, RGB becomes gray (1) as 0.299 R + 0.587
/// G + 0.114 B. Samples of 16 bits count with their upper 8 bits. All images are kept in memory, one byte a
/// sample.
public final class DataSources {
    private static final String RESOURCES = "fashion-mnist/";
    private static final List<String> GARMENTS = List.of("T-shirt/top", "trouser", "pullover", "dress",
            "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

    private DataSources() {
    }

    /// The images of a run.
    ///
    /// @throws DataException if they are not there or do not suit the configuration
    /// @throws wengert.tensor.io.FormatException if a file of many images is damaged; a damaged picture among
    ///         good ones is left out and named in [ImageSet#skipped]
    public static ImageSet open(RunConfig config) throws IOException {
        Fit fit = Fit.of(config);
        ImageSet set = switch (config.text("data.source")) {
            case "bundled" -> bundled(fit);
            case "idx" -> IdxSource.open(path(config, IdxSource.DEBIAN.toString()), fit);
            case "cifar10" -> Cifar10Source.open(path(config, Cifar10Source.FOLDER), fit);
            case "folder" -> FolderSource.open(path(config, null), fit);
            default -> throw new IllegalArgumentException("data: source " + config.text("data.source"));
        };
        if (config.flag("model.conditional")) {
            checkClasses(set, config);
        }
        return set;
    }

    /// `data.path` in full; `~/`, which shells leave as it is behind a colon, is the home folder.
    private static Path path(RunConfig config, String usual) {
        String path = config.text("data.path");
        if (path.isEmpty() && usual == null) {
            throw new DataException("a folder of images", "none", "data.path",
                    "give it: data=folder:PHOTOS");
        }
        try {
            Path found = path.startsWith("~/") ? Path.of(System.getProperty("user.home"), path.substring(2))
                    : Path.of(path.isEmpty() ? usual : path);
            return found.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new DataException("a folder or file", "'" + path + "'", config.origin("data.path"),
                    e.getReason());
        }
    }

    private static void checkClasses(ImageSet set, RunConfig config) {
        if (set.classes() == 0) {
            throw new DataException("a class for each image, as model.conditional is true", "none",
                    set.description(), "set model.conditional=false, or take images with classes: sub-folders"
                            + " of a folder, or a file of labels beside IDX images");
        }
        int classes = config.whole("model.classes");
        if (classes < set.classes()) {
            throw new DataException("model.classes of at least " + set.classes() + ", as the images have",
                    String.valueOf(classes), config.origin("model.classes") + ", " + set.description(),
                    "set model.classes=" + set.classes());
        }
    }

    private static ImageSet bundled(Fit fit) throws IOException {
        ByteImages images = Idx.images(resource("t10k-images-idx3-ubyte.gz"), "the bundled images",
                resource("t10k-labels-idx1-ubyte.gz"), "the bundled labels");
        ByteImages fitted = fit.all(images, "the bundled images");
        String description = "bundled Fashion-MNIST test set, " + fit.description(images);
        if (Files.isDirectory(IdxSource.DEBIAN)) {
            description += "; the full set is installed: data=idx:" + IdxSource.DEBIAN;
        }
        return new ImageSet(description, fitted, GARMENTS, List.of());
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = DataSources.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new DataException("the bundled file " + name, "nothing", "in the program itself",
                        "build it again: its jar lacks a resource");
            }
            return in.readAllBytes();
        }
    }
}
