package wengert.benchmarks.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gpu-check` on the software driver of cuda-kernels, which that module's tests build.
class GpuCheckTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path EMULATION = ROOT.resolve("cuda-kernels/target/test-classes");

    @Test
    void quickCheckAgreesTimesAndTrains(@TempDir Path out) throws Exception {
        assumeTrue(Files.isDirectory(EMULATION.resolve("wengert/cuda/emulation")),
                "the tests of cuda-kernels are not compiled");
        Result built = run(List.of());
        assumeTrue(built.code == 0, built.text);

        Result check = run(List.of(GpuCheck.class.getName(), "--quick", "--vectors",
                ROOT.resolve("gan/src/test/resources/conformance").toString(), "--out", out.toString()));

        assertEquals(0, check.code, check.text);
        assertTrue(check.text.contains("all agree"), check.text);
        assertTrue(check.text.contains("random numbers f32"), check.text);
        assertTrue(check.text.matches("(?s).*adam-64M +\\d.*conv-wgrad-128x16-128k3s1-b128 +\\d.*"
                + "dcgan64-b128 TF32 +\\d.*conv2dWeightGradient +\\d.*images/s.*all is well.*"), check.text);
        assertFalse(check.text.contains("NaN"), check.text);
        String kept = Files.readString(out.resolve("gpu-check.txt"));
        assertTrue(check.text.contains(kept), "the file holds what was printed");
        List<String> wide = kept.lines().filter(l -> l.length() > 100 && !l.contains("/")).toList();
        assertEquals(List.of(), wide, "but for paths no line is wider than 100 columns");
        try (Stream<Path> pictures = Files.walk(out)) {
            assertTrue(pictures.anyMatch(p -> p.endsWith("step_000003.png")), "the grid of samples");
        }
    }

    private record Result(int code, String text) {
    }

    /// Runs a program on the software driver, which is built first where it is not up to date.
    private static Result run(List<String> program) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                EMULATION + File.pathSeparator + System.getProperty("java.class.path"),
                "wengert.cuda.emulation.EmulatedDriver"));
        command.addAll(program);
        Process process = new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), text);
    }
}
