package wengert.cuda.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.spi.DeviceFamily.Need;

/// Where a library is looked for, and what the table says where there is none.
class PlacesTest {
    private static final List<String> CUBLAS = List.of("libcublas.so.12", "libcublas.so.13");

    @TempDir
    private Path temp;

    /// A file that looks like a library for x86, or like one for a processor of 32 bits.
    private Path library(String folder, String name, int bits) throws IOException {
        byte[] head = new byte[64];
        head[0] = 0x7f;
        head[1] = 'E';
        head[2] = 'L';
        head[3] = 'F';
        head[4] = (byte) (bits / 32);
        head[18] = (byte) (bits == 64 ? 62 : 3);
        return Files.write(Files.createDirectories(temp.resolve(folder)).resolve(name), head);
    }

    @Test
    void anOlderNameAnywhereGoesBeforeANewerOneButNotBeforeANamedFolder() throws IOException {
        Path newer = library("a", "libcublas.so.13", 64);
        Path older = library("b", "libcublas.so.12", 64);
        Path a = newer.getParent();
        Path b = older.getParent();
        assertEquals(older, new Places(List.of(), List.of(a, b)).find(CUBLAS));
        assertEquals(newer, new Places(List.of(a), List.of(b)).find(CUBLAS));
    }

    @Test
    void whatIsOfAnotherProcessorIsPassedOver() throws IOException {
        library("a", "libcublas.so.12", 32);
        Path fits = library("b", "libcublas.so.12", 64);
        Files.writeString(Files.createDirectories(temp.resolve("c")).resolve("libcublas.so.12"), "text");
        assertEquals(fits, Places.only(temp.resolve("c"), temp.resolve("a"), temp.resolve("b")).find(CUBLAS));
        assertNull(Places.only(temp.resolve("a"), temp.resolve("nowhere")).find(CUBLAS));
    }

    @Test
    void theUsualPlacesAreThereAndEachOnce() throws IOException {
        List<Path> usual = Places.ofThisMachine().usual();
        for (Path place : usual) {
            assertTrue(Files.isDirectory(place), place.toString());
        }
        assertEquals(usual.size(), usual.stream().map(Path::toAbsolutePath).distinct().count());
    }

    @Test
    void theTableOfAMachineWithoutAnythingSaysWhatToInstall() {
        List<Need> rows = new Report(new Setup(Places.only(temp))).rows();
        assertEquals(List.of("driver", "card", "cuBLAS", "NVRTC", "cuDNN", "JCuda"),
                rows.stream().map(Need::what).toList());
        for (Need row : rows.subList(0, 5)) {
            assertNull(row.found(), row.toString());
            assertTrue(!row.advice().isEmpty() && !row.expected().isEmpty(), row.toString());
        }
        assertEquals("12.6.0", rows.getLast().version());
    }

    @Test
    void librariesWithoutADriverAreFoundAndNotLoaded() throws IOException {
        Path file = library("a", "libcublas.so.12.6.4.1", 64);
        Path link = Files.createSymbolicLink(file.resolveSibling("libcublas.so.12"), file);
        Need row = new Report(new Setup(Places.only(temp.resolve("a")))).rows().get(2);
        assertEquals(new Need("cuBLAS", link.toString(), "12.6.4.1", "12 or 13", ""), row);
    }
}
