package wengert.cuda.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// On the real natives of the jars; [LoadingTest] also lets the dynamic linker judge.
class ElfTest {
    private static final String OLD = "libcublas.so.12";
    private static final String NEW = "libcublas.so.13";

    private static byte[] jcublas() throws IOException {
        try (var in = ElfTest.class.getResourceAsStream("/lib/libJCublas2-12.6.0-linux-x86_64.so")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    /// Mentions between two zeros; those behind the symbols of the debugger's table mean nothing to a linker.
    private static int count(byte[] file, String library) {
        String name = "\0" + library + "\0";
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return (text.length() - text.replace(name, "").length()) / name.length();
    }

    @Test
    void theLibraryAsksForTheOtherNameAndOnlyNamesAndTheirHashChange() throws IOException {
        byte[] before = jcublas();
        byte[] after = Elf.rename(before, OLD, NEW);
        assertEquals(0, count(after, OLD));
        assertEquals(count(before, OLD), count(after, NEW));
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            changed += before[i] == after[i] ? 0 : 1;
        }
        // the digit of each mention; of the two hashes the last digit differs, in one byte
        assertEquals(count(before, OLD) + 1, changed);
        assertArrayEquals(before, Elf.rename(after, NEW, OLD));
    }

    @Test
    void whatItDoesNotAskForCannotBeRenamed() throws IOException {
        byte[] library = jcublas();
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> Elf.rename(library, "libcublas.so.11", NEW)).getMessage().contains("libcublas.so.11"));
        assertThrows(IllegalArgumentException.class, () -> Elf.rename(library, OLD, "libcublas.so.130"));
    }

    @Test
    void aFileThatEndsTooEarlyOrIsNoneIsRefused() throws IOException {
        byte[] library = jcublas();
        assertThrows(IllegalArgumentException.class,
                () -> Elf.rename(Arrays.copyOf(library, 100_000), OLD, NEW));
        assertThrows(IllegalArgumentException.class, () -> Elf.rename(new byte[64], OLD, NEW));
    }

    @Test
    void aDllNamesAnotherInPlainText() {
        byte[] dll = "MZ cublas64_12.dll\0 cublas64_12.dllx".getBytes(StandardCharsets.US_ASCII);
        assertEquals("MZ cublas64_13.dll\0 cublas64_12.dllx", new String(
                Pe.rename(dll, "cublas64_12.dll", "cublas64_13.dll"), StandardCharsets.US_ASCII));
        assertThrows(IllegalArgumentException.class, () -> Pe.rename(dll, "cudnn64_9.dll", "cudnn64_8.dll"));
    }
}
