package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.Tensor;

class AtomicFilesTest {
    @TempDir
    Path dir;

    @Test
    void theDigestIsThatOfTheContent() throws IOException {
        Path file = dir.resolve("a");
        // FIPS 180-4, the one-block example.
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertEquals(abc, AtomicFiles.write(file, out -> out.write("abc".getBytes(StandardCharsets.UTF_8))));
        assertEquals("abc", Files.readString(file));
        assertEquals(abc, AtomicFiles.sha256(file));
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                AtomicFiles.write(file, out -> { }));
        assertEquals(List.of("a"), names(dir));
    }

    @Test
    void tensorsAreWrittenThroughIt() throws IOException {
        Path file = dir.resolve("w.safetensors");
        Map<String, Tensor> tensors = Map.of("w", Tensor.of(new float[100_000], 100_000));
        String digest = AtomicFiles.write(file, out -> SafeTensors.write(out, tensors, Map.of()));
        assertEquals(digest, AtomicFiles.sha256(file));
        assertEquals(100_000, SafeTensors.readAll(file).get("w").shape().elements());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        var disk = new IOException("disk full");
        assertEquals(disk, assertThrows(IOException.class, () -> AtomicFiles.write(file, out -> {
            out.write(new byte[1_000_000]);
            throw disk;
        })));
        assertEquals("old", Files.readString(file));
        assertThrows(IllegalStateException.class, () -> AtomicFiles.write(file, out -> {
            throw new IllegalStateException();
        }));
        assertEquals(List.of("a"), names(dir));
    }

    @Test
    void theOldFileStandsUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(dir.resolve("a"), "old");
        AtomicFiles.write(file, out -> {
            out.write(new byte[1_000_000]);
            assertEquals("old", Files.readString(file));
        });
        assertEquals(1_000_000, Files.size(file));
    }

    @Test
    void whatAnInterruptedAttemptLeftIsReplaced() throws IOException {
        Files.writeString(dir.resolve(".a.partial"), "a long text of an earlier attempt");
        AtomicFiles.write(dir.resolve("a"), out -> out.write(7));
        assertEquals(1, Files.size(dir.resolve("a")));
        Files.createDirectories(dir.resolve(".d.partial/sub"));
        Files.writeString(dir.resolve(".d.partial/sub/old"), "old");
        AtomicFiles.writeDirectory(dir.resolve("d"), d -> Files.writeString(d.resolve("new"), "new"));
        assertEquals(List.of("a", "d"), names(dir));
        assertEquals(List.of("new"), names(dir.resolve("d")));
    }

    @Test
    void aDirectoryAppearsWhole() throws IOException {
        Path target = dir.resolve("step_000001");
        AtomicFiles.writeDirectory(target, d -> {
            Files.createDirectory(d.resolve("sub"));
            Files.writeString(d.resolve("sub/x"), "1");
            AtomicFiles.write(d.resolve("y"), out -> out.write(1));
            assertFalse(Files.exists(target));
        });
        assertEquals(List.of("sub", "y"), names(target));
        assertEquals("1", Files.readString(target.resolve("sub/x")));
        assertEquals(List.of("step_000001"), names(dir));
    }

    @Test
    void aDirectoryThatFailsIsNotThereAtAll() throws IOException {
        assertThrows(IOException.class, () -> AtomicFiles.writeDirectory(dir.resolve("d"), d -> {
            Files.writeString(d.resolve("x"), "x");
            throw new IOException("no");
        }));
        assertEquals(List.of(), names(dir));
    }

    @Test
    void directoriesAreNotReplaced() throws IOException {
        Path target = Files.createDirectory(dir.resolve("d"));
        Files.writeString(target.resolve("x"), "x");
        assertThrows(FileAlreadyExistsException.class, () -> AtomicFiles.writeDirectory(target, d -> { }));
        assertEquals(List.of("x"), names(target));
    }

    @Test
    void aMissingParentIsAnErrorOfTheFileSystem() {
        assertThrows(NoSuchFileException.class, () -> AtomicFiles.write(dir.resolve("no/a"), out -> { }));
    }

    private static List<String> names(Path dir) throws IOException {
        try (Stream<Path> list = Files.list(dir)) {
            return list.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
