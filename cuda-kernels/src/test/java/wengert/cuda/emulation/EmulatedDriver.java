package wengert.cuda.emulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import wengert.cuda.load.Libraries;

/// The software CUDA driver of `src/test/cuda-driver`, for machines without a GPU: JCuda's real natives on a
/// `libcuda.so.1` that runs this project's own kernels on the CPU. A JVM that has loaded it cannot load a
/// real driver any more. What a test does with it is in [Emulation].
public final class EmulatedDriver {
    private static Path loaded;

    private EmulatedDriver() {
    }

    /// Builds it and has the backend's loader load it, once per JVM. To be called before the first class of
    /// JCuda is touched. Skips the test, with the reason, where it cannot be built.
    public static synchronized void require() {
        if (loaded != null) {
            return;
        }
        String obstacle = DriverBuild.obstacle();
        Assumptions.assumeTrue(obstacle == null, obstacle);
        Path folder = build();
        System.setProperty("wengert.cuda.libraries", folder.toString());
        Libraries.load();
        loaded = folder;
    }

    /// The folder of the libraries, built where necessary; for a JVM that a test starts:
    /// `-Dwengert.cuda.libraries=` and this folder.
    public static Path build() {
        try {
            return DriverBuild.build(module());
        } catch (IOException e) {
            throw new UncheckedIOException("the software CUDA driver: " + e.getMessage(), e);
        }
    }

    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("src/test/cuda-driver")) ? here : here.resolve("cuda-kernels");
    }

    /// Builds it and runs a Java program on it, with this JVM's class path, in the current folder.
    ///
    /// @param args JVM options, class name, arguments; none: only builds
    public static void main(String[] args) throws Exception {
        String obstacle = DriverBuild.obstacle();
        if (obstacle != null) {
            System.err.println(obstacle);
            System.exit(1);
        }
        Path folder = build();
        if (args.length == 0) {
            System.out.println(folder);
            return;
        }
        var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-cp", System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED",
                "--add-modules", "jdk.incubator.vector", "-Dwengert.cuda.libraries=" + folder,
                "-Dwengert.cuda.cubins=off"));
        command.addAll(List.of(args));
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
