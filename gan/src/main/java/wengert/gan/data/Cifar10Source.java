package wengert.gan.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.Cifar10;

/// The binary files of CIFAR-10: all `data_batch_*.bin` of a folder or of `cifar-10-batches-bin` in it, else
/// `test_batch.bin`, or one file.
final class Cifar10Source {
    static final String FOLDER = "cifar-10-batches-bin";
    private static final List<String> CLASSES = List.of("airplane", "automobile", "bird", "cat", "deer",
            "dog", "frog", "horse", "ship", "truck");
    private static final String HOW_TO_GET = "get the binary version, cifar-10-binary.tar.gz, from the data"
            + " set's home page at the University of Toronto, unpack it with tar -xzf, and give the folder:"
            + " data=cifar10:" + FOLDER;

    private Cifar10Source() {
    }

    static ImageSet open(Path path, Fit fit) throws IOException {
        List<Path> files = Files.isDirectory(path) ? filesOf(path) : List.of(path);
        if (!Files.exists(path)) {
            throw new DataException("the binary files of CIFAR-10", "nothing", "there is no " + path,
                    HOW_TO_GET);
        }
        if (files.isEmpty()) {
            boolean forPython = Stream.of("data_batch_1", "cifar-10-batches-py")
                    .anyMatch(name -> Files.exists(path.resolve(name)));
            throw new DataException("data_batch_1.bin … data_batch_5.bin or test_batch.bin, there or in a "
                    + FOLDER, forPython ? "the files for Python" : "a folder without them", path.toString(),
                    HOW_TO_GET);
        }
        ByteImages read = Cifar10.read(files);
        String where = files.getFirst()
                + (files.size() == 1 ? "" : " … " + files.getLast().getFileName());
        ByteImages fitted = fit.all(read, where);
        return new ImageSet("CIFAR-10 " + where + ", " + fit.description(read), fitted, CLASSES, List.of());
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        for (Path place : List.of(folder, folder.resolve(FOLDER))) {
            if (Files.isDirectory(place)) {
                List<Path> files = matching(place, "data_batch_\\d+\\.bin");
                if (files.isEmpty()) {
                    files = matching(place, "test_batch\\.bin");
                }
                if (!files.isEmpty()) {
                    return files;
                }
            }
        }
        return List.of();
    }

    private static List<Path> matching(Path folder, String names) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(names)).sorted().toList();
        }
    }
}
