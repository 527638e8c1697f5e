package wengert.gan.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.Idx;

/// Images in files of MNIST and its copies. In a folder, training images go before test images, and a file
/// that lies there unpacked before its `.gz`. The file of labels is the one of the same name with
/// `labels-idx1`; without it the images have no classes.
final class IdxSource {
    /// Where Debian's package `dataset-fashion-mnist` puts the 60,000 training and 10,000 test images.
    static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");

    private static final Pattern IMAGES = Pattern.compile("(.*)images([-.])idx3-ubyte(\\.gz)?");
    private static final String HOW_TO_GET = "for Fashion-MNIST install the Debian package"
            + " dataset-fashion-mnist and use data=idx:" + DEBIAN
            + ", for others give the folder of their files, packed or not: data=idx:FOLDER";

    private IdxSource() {
    }

    static ImageSet open(Path path, Fit fit) throws IOException {
        String others = "";
        Path images = path;
        if (Files.isDirectory(path)) {
            List<Path> all = imagesIn(path);
            Path picked = chosen(all, path);
            List<Path> rest = all.stream().filter(file -> !file.equals(picked)).toList();
            images = picked;
            others = rest.isEmpty() ? "" : "; not used: " + names(rest);
        } else if (!Files.exists(path)) {
            throw new DataException("a folder with IDX files, or one file of images", "nothing",
                    "there is no " + path, HOW_TO_GET);
        }
        Path labels = labelsOf(images);
        ByteImages read = labels == null ? Idx.images(images) : Idx.images(images, labels);
        ByteImages fitted = fit.all(read, images.toString());
        String description = "idx " + images + ", " + fit.description(read)
                + (labels == null ? ", without a file of labels" : "") + others;
        int classes = Arrays.stream(read.labels()).max().orElse(-1) + 1;
        return new ImageSet(description, fitted,
                IntStream.range(0, classes).mapToObj(String::valueOf).toList(), List.of());
    }

    private static List<Path> imagesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> IMAGES.matcher(name(file)).matches())
                    .filter(file -> !name(file).endsWith(".gz") || !Files.exists(unpacked(file)))
                    .sorted().toList();
        }
    }

    private static Path chosen(List<Path> files, Path folder) {
        if (files.isEmpty()) {
            throw new DataException("a file of images such as train-images-idx3-ubyte, packed (.gz) or not",
                    "a folder without one", folder.toString(), HOW_TO_GET);
        }
        List<Path> training = files.stream().filter(file -> name(file).contains("train")).toList();
        List<Path> best = training.isEmpty() ? files : training;
        if (best.size() > 1) {
            throw new DataException("one file of images", best.size() + ": " + names(best), folder.toString(),
                    "give one of the files: data=idx:" + best.getFirst());
        }
        return best.getFirst();
    }

    /// The labels that belong to a file of images, or null.
    private static Path labelsOf(Path images) {
        Matcher parts = IMAGES.matcher(name(images));
        if (!parts.matches()) {
            return null;
        }
        Path labels = images.resolveSibling(parts.group(1) + "labels" + parts.group(2) + "idx1-ubyte");
        Path packed = labels.resolveSibling(name(labels) + ".gz");
        return Files.exists(labels) ? labels : Files.exists(packed) ? packed : null;
    }

    private static Path unpacked(Path file) {
        String name = name(file);
        return file.resolveSibling(name.substring(0, name.length() - ".gz".length()));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static String names(List<Path> files) {
        return String.join(", ", files.stream().map(IdxSource::name).toList());
    }
}
