package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A pool of exact sizes must not be what fills the heap.
class TightHeapTest {
    /// Steps of ever other sizes, 20 MB each.
    static final class Steps {
        private Steps() {
        }

        public static void main(String[] args) {
            for (int i = 0; i < 12; i++) {
                try (var _ = Scope.open("step")) {
                    Tensor.zeros(5_000_000 + i);
                }
            }
        }
    }

    @Test
    void buffersOfSizesThatNobodyWantsAnyMoreMakeRoom() throws Exception {
        Path classes = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx100m",
                "-cp", classes + File.pathSeparator + classes.resolveSibling("test-classes"),
                Steps.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
    }
}
