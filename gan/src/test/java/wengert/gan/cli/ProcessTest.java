package wengert.gan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process of its own: killed, interrupted, with one thread and with two.
class ProcessTest {
    private static final int STEPS = 60;

    @TempDir
    private Path temp;

    private static ProcessBuilder program(List<String> jvm, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-Xmx512m", "-XX:+UseSerialGC"));
        command.addAll(jvm);
        String modules = System.getProperty("jdk.module.path", "");
        command.addAll(List.of("-cp", modules + java.io.File.pathSeparator
                + System.getProperty("java.class.path"), "wengert.gan.cli.Main"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private Process train(Path to, String... more) throws IOException {
        return train(STEPS, to, more);
    }

    private Process train(int steps, Path to, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("train", "tiny", "--out", to.toString(), "--steps",
                String.valueOf(steps), "--set", "model.generator.base=16", "--set",
                "model.discriminator.base=8", "--set", "batch=8", "--set", "checkpoint.interval=2", "--set",
                "ema=on"));
        args.addAll(List.of(more));
        return start(List.of(), to, args.toArray(new String[0]));
    }

    private Process start(List<String> jvm, Path to, String... args) throws IOException {
        return program(jvm, args).redirectOutput(ProcessBuilder.Redirect.appendTo(log(to))).start();
    }

    private static java.io.File log(Path to) {
        return Path.of(to + ".log").toFile();
    }

    private static void finish(Process process, Path to, int exit) throws Exception {
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
        assertEquals(exit, process.exitValue(), () -> text(to));
    }

    private static String text(Path to) {
        try {
            return Files.readString(log(to).toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void assertSameNetworks(Path want, Path got) throws IOException {
        for (String network : List.of("generator", "generator_ema", "discriminator")) {
            String file = network + ".safetensors";
            assertArrayEquals(Files.readAllBytes(want.resolve(file)), Files.readAllBytes(got.resolve(file)),
                    file);
        }
    }

    @Test
    void killedFiveTimesAtRandomMomentsItEndsWithTheSameBits() throws Exception {
        Path whole = temp.resolve("whole");
        finish(train(whole), whole, 0);

        Path killed = temp.resolve("killed");
        var moments = new Random();
        Process process = train(killed);
        for (int kill = 0; kill < 5; kill++) {
            waitForCheckpoint(process, killed, kill * STEPS / 8);
            Thread.sleep(moments.nextInt(60));
            process.destroyForcibly().waitFor();
            process = start(List.of(), killed, "train", "--resume", killed.toString());
        }
        finish(process, killed, 0);
        assertSameNetworks(whole, killed);
    }

    /// Waits until there is a checkpoint of a later step than given.
    private static void waitForCheckpoint(Process process, Path run, int step) throws Exception {
        while (newest(run) <= step) {
            assertTrue(process.isAlive() || newest(run) > step, () -> text(run));
            Thread.sleep(2);
        }
    }

    private static int newest(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return -1;
        }
        try (var all = Files.list(checkpoints)) {
            return all.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("step_"))
                    .mapToInt(n -> Integer.parseInt(n.substring(5))).max().orElse(-1);
        }
    }

    @Test
    void interruptedItSavesAndSaysHowToGoOn() throws Exception {
        Path run = temp.resolve("run");
        Process process = train(100_000, run, "--set", "checkpoint.interval=1000", "--set", "log.interval=1");
        while (!Files.exists(run.resolve("log.jsonl")) || Files.size(run.resolve("log.jsonl")) == 0) {
            assertTrue(process.isAlive(), () -> text(run));
            Thread.sleep(5);
        }
        process.destroy(); // SIGTERM; Ctrl-C takes the same way
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        String said = text(run);
        assertTrue(said.contains("stopped after") && said.contains("./wengert train --resume " + run), said);
        assertTrue(newest(run) > 0, said);
        assertTrue(Files.exists(run.resolve("report.html")), said);
    }

    @Test
    void oneThreadAndTwoGiveTheSameBits() throws Exception {
        Path one = temp.resolve("one");
        Path two = temp.resolve("two");
        Process first = train(one, "--threads", "1");
        finish(first, one, 0);
        Process second = train(two, "--threads", "2");
        finish(second, two, 0);
        assertSameNetworks(one, two);
    }

    @Test
    void theVectorModuleIsNotNeeded() throws Exception {
        Path run = temp.resolve("plain");
        List<String> command = new ArrayList<>(program(List.of(), "train", "tiny", "--out", run.toString(),
                "--steps", "2", "--set", "model.generator.base=8", "--set", "model.discriminator.base=4")
                .command());
        command.remove("--add-modules");
        command.remove("jdk.incubator.vector");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(run))).start();
        finish(process, run, 0);
        assertTrue(text(run).contains("jdk.incubator.vector"), () -> "one hint: " + text(run));
        assertFalse(text(run).contains("Exception"), () -> text(run));
    }
}
