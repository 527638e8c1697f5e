package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Kernels of every width are right on this machine, whatever its own: a JVM per width runs [Widths]. Wider
/// vectors than the processor's are slow here, but compute the same.
class WidthsTest {
    @ParameterizedTest
    @CsvSource({"-1, plain loops, 100", "128, Vector API 128 bit, 100", "256, Vector API 256 bit, 100",
        "512, Vector API 512 bit, 3"})
    void everyWidthAgreesWithTheReferenceBeforeAndAfterCompilation(int bits, String description, int calls)
            throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx256m", "-Dwengert.threads=1"));
        if (bits >= 0) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dwengert.vector.bits=" + bits));
        }
        Path classes = location(CpuBackend.class);
        String path = Stream.of(classes, classes.resolveSibling("test-classes"), location(Assertions.class),
                location(org.opentest4j.AssertionFailedError.class),
                location(org.junit.platform.commons.JUnitException.class)).map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", path, Widths.class.getName(), String.valueOf(calls)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains(description + ", "), output);
        String[] sums = output.strip().lines().reduce((a, b) -> b).orElse("").split(" ");
        assertEquals(2, sums.length, output);
        assertEquals(sums[0], sums[1], "first calls and compiled calls differ");
        assertEquals(bits == -1, output.contains("--add-modules jdk.incubator.vector"), output);
    }

    private static Path location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
