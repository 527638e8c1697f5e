package wengert.cuda.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine can lack, each in a JVM of its own and told from what this machine has: one message that
/// says what was expected, what came, where, and what to do.
class LoadingTest {
    private static final String DRIVER = "libcuda.so.1";
    private static final String CUBLAS_12 = "libcublas.so.12";
    private static final String CUBLAS_13 = "libcublas.so.13";
    private static final String CUDNN = "libcudnn.so.9";

    @TempDir
    private Path temp;
    private Path folder;
    private Path natives;

    @BeforeEach
    void folders() {
        folder = temp.resolve("nvidia");
        natives = temp.resolve("jcuda");
    }

    private Path with(String... libraries) {
        return Stubs.build(folder, libraries);
    }

    private Attempt attempt(String... environment) {
        return new Attempt(environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]),
                "-Dwengert.cuda.natives=" + natives);
    }

    private static void assertSays(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected '" + part + "' in: " + message);
        }
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains("loaded"), message);
    }

    private static void assertLoaded(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.startsWith("loaded") && message.contains(part),
                    () -> "expected '" + part + "' in: " + message);
        }
    }

    private List<Path> extracted() throws IOException {
        try (Stream<Path> files = Files.walk(natives)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void allIsLoadedByItsFullPathAndSaysWhatItIs() throws IOException {
        with(DRIVER, CUBLAS_12, CUDNN, "libnvrtc.so.12");
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        // what JCuda would take by itself
        Files.writeString(temporary.resolve("libJCudaDriver-12.6.0-linux-x86_64.so"), "not whole");
        String message = new Attempt(Map.of(), "-Dwengert.cuda.natives=" + natives,
                "-Djava.io.tmpdir=" + temporary).load(folder);
        assertLoaded(message, "driver 12.6 cuBLAS 12.4.5 NVRTC 12.2 cuDNN 9.1.0,", "cuda:1 Stub 7, 3.0 GiB, "
                + "compute capability 8.6", ", " + temporary);
        assertEquals(List.of("JCublas2", "JCudaDriver", "JCudnn", "JNvrtc"), extracted().stream().map(f ->
                f.getFileName().toString().replaceAll("^lib|-.*", "")).sorted().toList());
        for (Path file : extracted()) {
            assertEquals("rwx------", permissions(file.getParent()));
            assertEquals("rw-------", permissions(file));
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void librariesOfCuda13AreBridged() {
        with(DRIVER, CUBLAS_13, CUDNN, "libnvrtc.so.13");
        assertLoaded(attempt("STUB_DRIVER", "13000").load(folder),
                "driver 13.0 cuBLAS 13.4.5 NVRTC 13.2 cuDNN 9.1.0");
    }

    @Test
    void noDriver() throws IOException {
        Files.createDirectories(folder);
        assertSays(attempt().load(folder), "cuda: expected libcuda.so.1 (driver), found none — looked in "
                + folder, "nvidia-smi", "-Dwengert.cuda.libraries=DIR", "--device cpu");
    }

    @Test
    void noCublas() {
        assertSays(attempt().load(with(DRIVER, CUDNN)), "expected libcublas.so.12 or libcublas.so.13 "
                + "(cuBLAS), found none — looked in " + folder, "install cuBLAS",
                "pip install nvidia-cublas-cu12");
    }

    @Test
    void noCudnn() {
        assertSays(attempt().load(with(DRIVER, CUBLAS_12)), "expected libcudnn.so.9 (cuDNN), found none — "
                + "looked in " + folder, "install cuDNN 9", "pip install nvidia-cudnn-cu12");
    }

    @Test
    void ownConvolutionsNeedNoCudnn() {
        assertLoaded(new Attempt(Map.of(), "-Dwengert.cuda.natives=" + natives,
                "-Dwengert.cuda.convolution=own").load(with(DRIVER, CUBLAS_12)), "cuBLAS 12.4.5,");
    }

    @Test
    void theDriverIsTooOld() {
        assertSays(attempt("STUB_DRIVER", "11080").load(with(DRIVER, CUBLAS_12, CUDNN)),
                "expected a driver of CUDA 12.0 or newer, it is of CUDA 11.8 — " + folder.resolve(DRIVER),
                "install a newer driver");
    }

    @Test
    void theDriverIsTooOldForTheLibraries() {
        assertSays(attempt().load(with(DRIVER, CUBLAS_13, CUDNN)), "expected a driver of CUDA 13.0 or newer, "
                + "which " + folder.resolve(CUBLAS_13) + " needs, it is of CUDA 12.6",
                "or the libraries of CUDA 12");
    }

    @Test
    void aLibraryThatIsNotWhole() throws IOException {
        with(DRIVER, CUBLAS_12);
        byte[] whole = Files.readAllBytes(folder.resolve(CUBLAS_12));
        Files.write(folder.resolve(CUDNN), Arrays.copyOf(whole, 1000));
        assertSays(attempt().load(folder), "expected cuDNN to load, got: the file is cut short by ",
                " bytes — " + folder.resolve(CUDNN) + " — install cuDNN 9");
    }

    @Test
    void theDriverOffersNoCard() {
        assertSays(attempt("STUB_INIT", "100").load(with(DRIVER, CUBLAS_12, CUDNN)),
                "cuInit(0) answers CUDA_ERROR_NO_DEVICE (100)", "nvidia-smi", "CUDA_VISIBLE_DEVICES");
    }

    @Test
    void anExtractedNativeThatIsStaleOrCutShortHealsByItself() throws IOException {
        with(DRIVER, CUBLAS_12, CUDNN);
        attempt().load(folder);
        Path first = extracted().getFirst();
        byte[] whole = Files.readAllBytes(first);
        for (Path file : extracted()) {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(1000);
            }
        }
        assertLoaded(attempt().load(folder), "cuDNN 9.1.0");
        assertArrayEquals(whole, Files.readAllBytes(first));
        byte[] other = whole.clone();
        other[whole.length / 2] ^= 1;
        Files.write(first, other);
        assertLoaded(attempt().load(folder), "cuDNN 9.1.0");
        assertArrayEquals(whole, Files.readAllBytes(first));
        assertEquals(3, extracted().size(), extracted().toString());
    }

    @Test
    void theNamedFolderCannotBeWritten() throws IOException {
        with(DRIVER, CUBLAS_12, CUDNN);
        Files.writeString(natives, "a file where a folder should be");
        assertSays(attempt().load(folder), "expected a folder to put JCuda's native library libJCudaDriver",
                "none can be written — tried " + natives, "-Dwengert.cuda.natives=DIR");
    }

    @Test
    void withoutACacheFolderATemporaryOneServesAndWithoutBothTheMessageNamesThem() throws IOException {
        with(DRIVER, CUBLAS_12, CUDNN);
        Path no = Files.writeString(temp.resolve("file"), "").resolve("cache");
        Path temporary = Files.createDirectory(temp.resolve("temporary"));
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", no.toString());
        assertLoaded(new Attempt(environment, "-Djava.io.tmpdir=" + temporary).load(folder), "cuDNN 9.1.0, ",
                temporary + "/wengert-natives");
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
        String neither = new Attempt(environment, "-Djava.io.tmpdir=" + no).load(folder);
        assertSays(neither.replaceFirst("WARNING: java.io.tmpdir .*\n", ""), "none can be written",
                "tried " + no.resolve("wengert/natives"), ", " + no, "-Dwengert.cuda.natives=DIR");
    }

    @Test
    void aSystemThatJCudaHasNoNativesFor() throws IOException {
        Files.createDirectories(folder);
        assertSays(new Attempt(Map.of(), "-Dos.arch=aarch64").load(folder), "expected JCuda's native library "
                + "libJCudaDriver-12.6.0-linux-", "(Linux, aarch64), found none — looked on the class path",
                "jcuda-natives, jcublas-natives and jcudnn-natives 12.6.0");
    }

    @Test
    void withoutJCudasJars() throws IOException {
        Files.createDirectories(folder);
        String others = Stream.of(Attempt.classPath().split(File.pathSeparator))
                .filter(jar -> !jar.matches(".*[/\\\\]j(cuda|cublas|cudnn)-[^/\\\\]*"))
                .collect(Collectors.joining(File.pathSeparator));
        assertSays(new Attempt(Map.of(), "-cp", others).load(folder), "expected JCuda's classes, found none "
                + "— looked on the class path — add its jars");
    }

    @Test
    void theTableSaysWhatIsWrongWithWhatWasFound() throws IOException {
        with(DRIVER, CUBLAS_12, CUDNN);
        String[] old = table("STUB_DRIVER", "11080");
        assertTrue(old[0].endsWith("version=11.8, expected=12.0 or newer, advice=it is of CUDA 11.8: install "
                + "a newer driver]"), old[0]);
        assertEquals("Need[what=card, found=null, version=, expected=7.5 or newer, advice=needs the driver]",
                old[1]);
        Path cudnn = folder.resolve(CUDNN);
        Files.write(cudnn, Arrays.copyOf(Files.readAllBytes(cudnn), 1000));
        String[] cut = table("STUB_MAJOR", "6");
        assertTrue(cut[0].endsWith("version=12.6, expected=12.0 or newer, advice=]"), cut[0]);
        assertTrue(cut[1].endsWith("version=6.6, expected=7.5 or newer, advice=the kernels are compiled for "
                + "newer cards]"), cut[1]);
        String last = cut[cut.length - 2];
        assertTrue(last.startsWith("Need[what=cuDNN, found=" + cudnn + ", version=")
                && last.contains("advice=got: the file is cut short"), last);
    }

    private String[] table(String... environment) {
        return attempt(environment).run(Attempt.class.getName(), "report", folder.toString()).split("\n");
    }
}
