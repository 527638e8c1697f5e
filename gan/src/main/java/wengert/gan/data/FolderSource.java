package wengert.gan.data;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.FormatException;

/// The PNG and JPEG files in a folder and everything below it, in the order of their paths. The sub-folders
/// of the folder are the classes, in the order of their names, if every picture lies in one. What begins with
/// a dot is passed over; what cannot be read is left out and named.
///
/// Headers are read first, so that the number of pictures and their sizes are known before memory is taken.
final class FolderSource {
    private static final String PICTURE = "(?i).*\\.(png|jpe?g)";

    private final Path root;
    private final List<Path> files = new ArrayList<>();
    /// Files of other kinds, by the ending of their names.
    private final Map<String, Integer> others = new TreeMap<>();
    private final List<String> skipped = new ArrayList<>();

    private FolderSource(Path root) {
        this.root = root;
    }

    static ImageSet open(Path folder, Fit fit) throws IOException {
        if (!Files.isDirectory(folder)) {
            boolean file = Files.exists(folder);
            throw new DataException("a folder of PNG or JPEG images", file ? "a file" : "nothing",
                    (file ? "" : "there is no ") + folder,
                    "give a folder of yours, whose sub-folders are classes if it has any:"
                            + " data=folder:PHOTOS; or train on the bundled images: data=bundled");
        }
        return new FolderSource(folder).read(fit);
    }

    private ImageSet read(Fit wanted) throws IOException {
        find();
        List<PictureFile> pictures = headers();
        Fit fit = decided(wanted, pictures);
        byte[] pixels = fit.room(pictures.size(), root.toString());
        List<PictureFile> good = new ArrayList<>();
        for (PictureFile picture : pictures) {
            ByteImages image = attempt(picture.file(), picture::read);
            if (image != null) {
                fit.one(image, 0, pixels, good.size());
                good.add(picture);
            }
        }
        refuseNothing(good);
        List<String> classes = classes(good);
        int[] labels = good.stream().mapToInt(p -> classes.indexOf(top(p.file()))).toArray();
        var images = new ByteImages(good.size(), fit.channels(), fit.size(), fit.size(),
                good.size() == pictures.size() ? pixels
                        : Arrays.copyOf(pixels, pixels.length / pictures.size() * good.size()),
                classes.isEmpty() ? new int[0] : labels);
        return new ImageSet(description(good, classes, fit), images, classes, skipped);
    }

    private void find() throws IOException {
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Finder());
        files.sort(Comparator.comparing(this::name));
        if (files.isEmpty()) {
            String came = others.isEmpty() ? "no file at all" : "other files: " + others.entrySet().stream()
                    .limit(5).map(e -> e.getValue() + " " + e.getKey()).collect(Collectors.joining(", "));
            throw new DataException("PNG or JPEG images (.png, .jpg, .jpeg)", came,
                    "in " + root + " and its sub-folders",
                    "put images there, convert those of other kinds to PNG, or give another folder");
        }
    }

    private final class Finder extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return hidden(folder) && !folder.equals(root) ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (!hidden(file) && name.matches(PICTURE)) {
                files.add(file);
            } else if (!hidden(file)) {
                others.merge(name.replaceFirst(".*(?=\\.)", ""), 1, Integer::sum);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            skipped.add(file + ": " + e);
            return FileVisitResult.CONTINUE;
        }

        private boolean hidden(Path path) {
            return path.getFileName() != null && path.getFileName().toString().startsWith(".");
        }
    }

    private List<PictureFile> headers() {
        List<PictureFile> pictures = new ArrayList<>();
        for (Path file : files) {
            PictureFile picture = attempt(file, () -> PictureFile.of(file));
            if (picture != null) {
                pictures.add(picture);
            }
        }
        refuseNothing(pictures);
        return pictures;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /// What is read, or null with a line about the file.
    private <T> T attempt(Path file, Reading<T> reading) {
        try {
            return reading.read();
        } catch (FormatException e) {
            skipped.add(e.getMessage());
        } catch (IOException e) {
            skipped.add(file + ": " + e);
        }
        return null;
    }

    private void refuseNothing(List<PictureFile> good) {
        if (good.isEmpty()) {
            throw new DataException("images that can be read",
                    files.size() + " that cannot (" + skipped.getFirst() + ")", root.toString(),
                    "copy them again, or give another folder");
        }
    }

    private Fit decided(Fit wanted, List<PictureFile> pictures) {
        PictureFile first = pictures.getFirst();
        boolean uniform = pictures.stream()
                .allMatch(p -> p.height() == first.height() && p.width() == first.width());
        Fit fit = uniform ? wanted.decided(first.height(), first.width(), first.file().toString())
                : wanted.mixed();
        pictures.forEach(p -> fit.check(p.height(), p.width(), p.file().toString()));
        return fit;
    }

    /// Names of the sub-folders with pictures, if no picture lies outside of them.
    private List<String> classes(List<PictureFile> good) {
        return good.stream().anyMatch(p -> top(p.file()).isEmpty()) ? List.of()
                : files.stream().map(this::top).filter(top -> !top.isEmpty()).distinct().sorted().toList();
    }

    /// The sub-folder of the root in which a file lies, or an empty text.
    private String top(Path file) {
        Path inside = root.relativize(file);
        return inside.getNameCount() == 1 ? "" : inside.getName(0).toString();
    }

    private String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /// What was found and what is done with it.
    private String description(List<PictureFile> good, List<String> classes, Fit fit) {
        var text = new StringBuilder("folder %s, %d images".formatted(root, good.size()));
        text.append(kinds(good));
        if (good.stream().anyMatch(p -> p.height() != fit.size() || p.width() != fit.size())) {
            text.append(", ").append(fit.said());
        }
        if (good.stream().anyMatch(p -> p.channels() != fit.channels())) {
            text.append(", made ").append(Fit.colour(fit.channels()));
        }
        if (!classes.isEmpty()) {
            text.append(", ").append(classes.size()).append(classes.size() == 1 ? " class" : " classes");
        } else if (good.stream().anyMatch(p -> !top(p.file()).isEmpty())) {
            text.append(", no classes as some lie outside of the sub-folders");
        }
        if (!skipped.isEmpty()) {
            text.append(", ").append(skipped.size()).append(" skipped");
        }
        return text.toString();
    }

    /// Size and colour; if they differ, of the first image and of the first of another size and of another
    /// colour.
    private String kinds(List<PictureFile> good) {
        PictureFile first = good.getFirst();
        var size = good.stream().filter(p -> p.height() != first.height() || p.width() != first.width())
                .limit(1);
        var colour = good.stream().filter(p -> p.channels() != first.channels()).limit(1);
        List<PictureFile> others = Stream.concat(size, colour).distinct().toList();
        if (others.isEmpty()) {
            return " " + first.kind();
        }
        return Stream.concat(Stream.of(first), others.stream()).map(p -> name(p.file()) + " " + p.kind())
                .collect(Collectors.joining(", ", " that differ (", ", …)"));
    }
}
