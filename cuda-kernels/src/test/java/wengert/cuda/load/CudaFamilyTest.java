package wengert.cuda.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The family as the engine and the command line meet it, each time in a JVM of its own.
class CudaFamilyTest {
    @TempDir
    private Path temp;

    private String run(Map<String, String> environment, String... arguments) {
        Path folder = Stubs.build(temp.resolve("nvidia"), "libcuda.so.1", "libcublas.so.12", "libcudnn.so.9");
        return new Attempt(environment, "-Dwengert.cuda.libraries=" + folder,
                "-Dwengert.cuda.natives=" + temp.resolve("jcuda")).run(Attempt.class.getName(), arguments);
    }

    @Test
    void autoIsTheFirstCardWhereOneCanBeUsedElseTheCpu() {
        assertEquals("cuda:0, 2", run(Map.of(), "auto"));
        assertEquals("cpu, 0", run(Map.of("STUB_INIT", "100"), "auto"));
        assertEquals("cpu, 0", run(Map.of("STUB_MAJOR", "5"), "auto"));
    }

    @Test
    void aCardThatIsNotThereIsAnErrorThatNamesThoseThatAre() {
        assertEquals("cuda:7: expected the number of a card of this machine, which has 2: cuda:0 Stub 7, "
                + "3.0 GiB, compute capability 8.6; cuda:1 Stub 7, 3.0 GiB, compute capability 8.6",
                run(Map.of(), "open", "7"));
        String old = run(Map.of("STUB_MAJOR", "5"), "open", "1");
        assertTrue(old.startsWith("cuda:1: expected a card of compute capability 7.5 or newer")
                && old.contains("compute capability 5.6"), old);
    }

    @Test
    void aRunOnTheCpuLoadsNoClassOfTheBackendAndTheFamilyNoneOfJCuda() {
        List<String> cpu = loaded("cpu");
        assertTrue(cpu.contains("wengert.tensor.cpu.CpuBackend"), cpu.toString());
        assertFalse(cpu.stream().anyMatch(c -> c.matches("(wengert\\.cuda|jcuda)\\..*")
                && !c.equals(Attempt.class.getName())), cpu.toString());
        List<String> kind = loaded("kind");
        assertTrue(kind.contains("wengert.cuda.CudaFamily"), kind.toString());
        assertFalse(kind.stream().anyMatch(c -> c.matches("(wengert\\.cuda\\.load|jcuda)\\..*")
                && !c.equals(Attempt.class.getName())), kind.toString());
    }

    private static List<String> loaded(String what) {
        return new Attempt(Map.of(), "-Xlog:class+load:stdout:none", "--add-modules=jdk.incubator.vector")
                .run(Attempt.class.getName(), what).lines().map(line -> line.replaceAll(" .*", "")).toList();
    }

    @Test
    void doctorPrintsTheTable() {
        Path folder = Stubs.build(temp.resolve("nvidia"), "libcuda.so.1", "libcublas.so.12", "libcudnn.so.9");
        String said = new Attempt(Map.of(), "-Dwengert.cuda.libraries=" + folder,
                "-Dwengert.cuda.natives=" + temp.resolve("jcuda")).run("wengert.gan.cli.Main", "doctor");
        for (String part : List.of("cuda       2 cards can be used: --device cuda",
                "driver     12.6     12.0 or newer        " + folder.resolve("libcuda.so.1"),
                "cuda:1     8.6      7.5 or newer         Stub 7, 3.0 GiB",
                "cuBLAS     12.4.5   12 or 13             " + folder.resolve("libcublas.so.12"),
                "cuDNN      9.1.0    9                    " + folder.resolve("libcudnn.so.9"),
                "JCuda      12.6.0   for Linux amd64      " + temp.resolve("jcuda"))) {
            assertTrue(said.contains(part), () -> "expected '" + part + "' in\n" + said);
        }
        assertFalse(said.contains("\tat "), said);
    }
}
