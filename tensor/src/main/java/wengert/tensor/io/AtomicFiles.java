package wengert.tensor.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Files that are either wholly there or not at all, whenever the process or the machine stops.
///
/// The content is written aside as `.NAME.partial` in the same directory, forced to the disk, and renamed to
/// its own name; then the directory is forced too, since without that the rename itself can be lost. What an
/// interrupted attempt left aside is overwritten by the next one, so at any time one writer per name.
public final class AtomicFiles {
    private static final int CHUNK = 1 << 16;

    private AtomicFiles() {
    }

    /// What writes a file.
    @FunctionalInterface
    public interface Content {
        /// Writes the whole content; the stream is buffered and is not to be closed.
        void writeTo(OutputStream out) throws IOException;
    }

    /// What fills a directory.
    @FunctionalInterface
    public interface Filling {
        /// Puts files into a directory that exists and is empty.
        void fill(Path directory) throws IOException;
    }

    /// Writes or replaces one file. If the content fails, the file is what it was before.
    ///
    /// @return the SHA-256 of what was written, as 64 lower-case hexadecimal digits
    public static String write(Path file, Content content) throws IOException {
        Path aside = aside(file);
        MessageDigest sha = sha256();
        try {
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                // Not closed by itself: the channel must still be open when it is forced.
                var out = new BufferedOutputStream(
                        new DigestOutputStream(Channels.newOutputStream(channel), sha), CHUNK);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (Throwable e) {
            discard(aside, e);
            throw e;
        }
        force(file.toAbsolutePath().getParent());
        return HexFormat.of().formatHex(sha.digest());
    }

    /// Makes a directory with everything that is in it. If the filling fails, nothing is there.
    ///
    /// @throws FileAlreadyExistsException if there is something of that name; directories are not replaced
    public static void writeDirectory(Path directory, Filling filling) throws IOException {
        if (Files.exists(directory)) {
            throw new FileAlreadyExistsException(directory.toString());
        }
        Path aside = aside(directory);
        try {
            deleteTree(aside);
            Files.createDirectory(aside);
            filling.fill(aside);
            forceTree(aside);
            Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable e) {
            discard(aside, e);
            throw e;
        }
        force(directory.toAbsolutePath().getParent());
    }

    /// Deletes a directory and everything in it. It first takes the name of an unfinished one, so that a
    /// deletion that is interrupted leaves nothing that looks whole.
    public static void deleteDirectory(Path directory) throws IOException {
        Path aside = aside(directory);
        deleteTree(aside);
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        deleteTree(aside);
    }

    /// The SHA-256 of a file, as 64 lower-case hexadecimal digits.
    public static String sha256(Path file) throws IOException {
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            byte[] chunk = new byte[CHUNK];
            while (in.read(chunk) >= 0) {
                // The stream digests what passes.
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static Path aside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".partial");
    }

    private static void discard(Path aside, Throwable because) {
        try {
            deleteTree(aside);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.isDirectory(tree)) {
            Files.deleteIfExists(tree);
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void forceTree(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.toList();
        }
        for (Path path : paths.reversed()) {
            if (Files.isDirectory(path)) {
                force(path);
            } else {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    /// Forces the entries of a directory to the disk, where the system can: Windows cannot open directories,
    /// and needs not, since its renames are journalled.
    private static void force(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException notOpenable) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
