package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /// A step that keeps everything, until there is no room.
    static final class Full {
        private Full() {
        }

        public static void main(String[] args) {
            try (var _ = Scope.open("greedy step")) {
                while (true) {
                    Tensor.zeros(2_500_000);
                }
            } catch (OutOfMemoryError e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aFullHeapSaysWhatOpenScopesHold() throws Exception {
        String output = run(Full.class);
        assertTrue(output.contains("no room for 2500000 of f32, 9.5 MiB")
                && output.contains("9.5 MiB  f32 [2500000]  scope 'greedy step'"), output);
    }

    @Test
    void buffersOfSizesThatNobodyWantsAnyMoreMakeRoom() throws Exception {
        run(Steps.class);
    }

    private static String run(Class<?> main) throws Exception {
        Path classes = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx100m",
                "-cp", classes + File.pathSeparator + classes.resolveSibling("test-classes"),
                main.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
