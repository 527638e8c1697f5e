package wengert.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A warmed-up training step allocates no array above 64 KiB: every buffer comes from the pool. In a JVM of
/// its own, whose settings make it report each such allocation.
class WarmStepTest {
    @Test
    void stepsOfADcganAndOfAWganGpAllocateNothingLarge() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-Xmx512m", "-XX:TLABSize=64k",
                "-XX:-ResizeTLAB", "-Xlog:jfr*=off", "--add-modules", "jdk.incubator.vector", "-cp",
                System.getProperty("java.class.path"), WarmSteps.class.getName()).redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.contains("control: 1"), output);
        assertTrue(output.contains("dcgan: 0"), output);
        assertTrue(output.contains("wgan-gp: 0"), output);
    }
}
