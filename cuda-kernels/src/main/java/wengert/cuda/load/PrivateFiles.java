package wengert.cuda.load;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/// Files that nobody else can put there or change: what is loaded as code comes from such ones only.
public final class PrivateFiles {
    private PrivateFiles() {
    }

    /// The folder for what Wengert can make again: below `XDG_CACHE_HOME`, `~/.cache`, or `LOCALAPPDATA`.
    /// Null where the user has no home.
    public static Path cache() {
        String named = System.getenv(Places.WINDOWS ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
        Path base = named != null && !named.isBlank() ? Path.of(named)
                : Path.of(System.getProperty("user.home"), Places.WINDOWS ? "AppData/Local" : ".cache");
        return base.isAbsolute() ? base.resolve("wengert") : null;
    }

    /// Makes a folder that only its owner enters, where there is none, and sees that it is ours.
    ///
    /// @throws IOException if it is another user's, is no folder, or cannot be made
    public static Path folder(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(folder); // Windows: a user's own folders are for that user
        }
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectories(folder.getParent(), PosixFilePermissions.asFileAttribute(owner));
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
        Files.setPosixFilePermissions(folder, owner); // fails where the folder is another user's
        return folder;
    }

    /// Sees that a file in a private folder holds exactly this, whatever it held before. It changes at once,
    /// so that another process, which may have it in use, keeps the old one whole.
    public static void put(Path file, byte[] content) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
        try {
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// What an exception of the file system means, in words.
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such folder";
            case FileAlreadyExistsException f -> f.getFile() + " is no folder";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage();
        };
    }
}
