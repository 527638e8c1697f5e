package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The PTX in the jar is made of the sources beside it, and the sources compile for what cards there are.
final class PtxTest {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path PTX = Path.of("src/main/resources/wengert/cuda");
    private static final Path TOOL = Path.of("../tools/Ptx.java");

    private static String run(int expected, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(expected, process.waitFor(), text);
        return text;
    }

    private static String check(int expected, Path sources, Path ptx)
            throws IOException, InterruptedException {
        return run(expected, List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                TOOL.toString(), sources.toString(), ptx.toString(), "check"));
    }

    @Test
    void everyPtxIsOfTheSourcesThatAreHere() throws Exception {
        check(0, SOURCES, PTX);
    }

    @Test
    void aChangedSourceOrHeaderIsNoticed(@TempDir Path folder) throws Exception {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SOURCES)) {
            for (Path file : files) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        check(0, folder, PTX);
        Path header = folder.resolve("views.cuh");
        Files.writeString(header, Files.readString(header).replace("MOST_AXES 8", "MOST_AXES 6"));
        assertTrue(check(1, folder, PTX).contains("elementwise.ptx is not of elementwise.cu"));
    }

    @Test
    void everyPtxHasASource() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(PTX, "*.ptx")) {
            for (Path file : files) {
                String source = file.getFileName().toString().replace(".ptx", ".cu");
                assertTrue(Files.exists(SOURCES.resolve(source)), file + " has no " + source);
            }
        }
    }

    @Test
    void theSourcesCompileForNewerCards(@TempDir Path folder) throws Exception {
        requireNvcc();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(SOURCES, "*.cu")) {
            for (Path file : files) {
                run(0, List.of("nvcc", "-fatbin", "-O1", "-fmad=false", "--std=c++17", "--threads", "2",
                        "-gencode", "arch=compute_80,code=compute_80",
                        "-gencode", "arch=compute_90,code=compute_90",
                        "-o", folder.resolve(file.getFileName() + ".fatbin").toString(), file.toString()));
            }
        }
    }

    static void requireNvcc() {
        assumeTrue(nvcc(), "no nvcc here");
    }

    private static boolean nvcc() {
        try {
            return new ProcessBuilder("nvcc", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
