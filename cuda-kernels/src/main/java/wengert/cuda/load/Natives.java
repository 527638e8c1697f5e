package wengert.cuda.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import jcuda.JCudaVersion;
import jcuda.LibUtils;

/// JCuda's own native libraries: taken out of the jars on the class path into a private folder, compared byte
/// for byte on every use, and made known to JCuda.
final class Natives {
    /// Folder into which they go, and no other.
    static final String PROPERTY = "wengert.cuda.natives";

    private static final String TEMPORARY = "java.io.tmpdir";

    /// Where they were put last; null before.
    private Path folder;

    Path folder() {
        return folder;
    }

    /// JCuda's version.
    ///
    /// @throws Problem if its jars are not there
    static String version() {
        try {
            return JCudaVersion.get();
        } catch (NoClassDefFoundError e) {
            throw new Problem("JCuda's classes", "found none", "looked on the class path", "add its jars, "
                    + "which the build puts into cuda-kernels/target/lib", e);
        }
    }

    /// Starts a class of JCuda with its native library.
    ///
    /// JCuda asks `java.library.path` for the library, then takes the file of that name in `java.io.tmpdir`
    /// as it is, and extracts it only where there is none. So while the class starts, that folder is ours,
    /// and the file is there. (The JDK itself reads the property once, when it starts.)
    ///
    /// @param library  its name for JCuda: `JCudaDriver`
    /// @param from     file name of NVIDIA's library that it was linked with
    /// @param to       file name of the one that was found
    /// @param theClass whose static initialiser loads it
    /// @throws Problem if it cannot be extracted or loaded
    void start(String library, String from, String to, String theClass) {
        String name = LibUtils.createLibraryFileName(
                LibUtils.createPlatformLibraryName(library + "-" + version()));
        byte[] content = content(name);
        folder = put(name, from.equals(to) ? content : bridged(name, content, from, to));
        String before = System.getProperty(TEMPORARY);
        System.setProperty(TEMPORARY, folder.toString());
        try {
            Class.forName(theClass, true, Natives.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new Problem("JCuda's " + library + " to load", "got: " + reason(e, folder.resolve(name)),
                    folder.resolve(name).toString(), "if the folder is mounted noexec, name another "
                    + "one with -D" + PROPERTY + "=DIR", e);
        } finally {
            System.setProperty(TEMPORARY, before);
        }
    }

    /// Whether the class path has natives for this system and processor.
    static void check() {
        content(LibUtils.createLibraryFileName(
                LibUtils.createPlatformLibraryName("JCudaDriver-" + version())));
    }

    private static byte[] content(String name) {
        try (InputStream in = Natives.class.getResourceAsStream("/lib/" + name)) {
            if (in != null) {
                return in.readAllBytes();
            }
        } catch (IOException e) {
            throw new Problem("JCuda's native library " + name, "its jar cannot be read: " + e.getMessage(),
                    "class path", "build or download the jar again", e);
        }
        throw new Problem("JCuda's native library " + name + " of this system ("
                + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + ")", "found none",
                "looked on the class path", "JCuda has natives for Linux and Windows on x86-64: there, add "
                + "the jars jcuda-natives, jcublas-natives and jcudnn-natives " + version()
                + " of that system", null);
    }

    private static byte[] bridged(String name, byte[] content, String from, String to) {
        return Places.WINDOWS ? Pe.rename(content, from, to) : Elf.rename(content, from, to);
    }

    private static Path put(String name, byte[] content) {
        String leaf = version() + "-" + hash(content).substring(0, 16);
        String named = System.getProperty(PROPERTY);
        List<String> tried = new ArrayList<>();
        Path base = named != null ? Path.of(named).toAbsolutePath() : PrivateFiles.cache();
        if (base != null) {
            Path into = (named != null ? base : base.resolve("natives")).resolve(leaf);
            try {
                PrivateFiles.put(PrivateFiles.folder(into).resolve(name), content);
                return into;
            } catch (IOException e) {
                tried.add(into + " (" + PrivateFiles.reason(e) + ")");
            }
        }
        if (named == null) {
            try {
                Path into = Files.createTempDirectory("wengert-natives"); // for its owner only
                into.toFile().deleteOnExit();
                Path file = into.resolve(name);
                PrivateFiles.put(file, content);
                file.toFile().deleteOnExit();
                return into;
            } catch (IOException e) {
                tried.add(System.getProperty(TEMPORARY) + " (" + PrivateFiles.reason(e) + ")");
            }
        }
        throw new Problem("a folder to put JCuda's native library " + name + " into", "none can be written",
                "tried " + String.join(", ", tried),
                "name a folder that you may write with -D" + PROPERTY + "=DIR", null);
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /// The dynamic linker's own words about a file: JCuda's message holds two whole stack traces.
    static String reason(Throwable e, Path file) {
        String text = String.valueOf(e.getMessage());
        int last = text.lastIndexOf("UnsatisfiedLinkError: ");
        return (last < 0 ? text : text.substring(text.indexOf(' ', last) + 1)).lines().findFirst()
                .orElse(e.toString()).replace(file + ": ", "").strip();
    }
}
