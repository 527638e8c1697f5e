package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.gan.cli.Main;
import wengert.gan.config.RunConfig;
import wengert.gan.report.LogEntry;
import wengert.gan.run.Monitor;
import wengert.gan.run.SavedNetwork;
import wengert.gan.run.Sampling;
import wengert.gan.run.TrainingRun;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;

/// Whole runs with `--device cuda`, beside the same ones on the CPU.
class RunTest {
    private static final List<String> SMALL = List.of("steps=3", "batch=4", "model.size=8", "model.noise=4",
            "model.generator.base=4", "model.discriminator.base=4", "sample.count=4", "log.interval=2",
            "sample.interval=0", "checkpoint.interval=2");

    @TempDir
    private Path temp;

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    private static RunConfig small(String preset, String device, String... more) {
        return RunConfig.load(preset).with("data.fit=resize").with(SMALL.toArray(String[]::new))
                .with("device=" + device).with(more);
    }

    private static List<LogEntry> train(TrainingRun run) throws IOException {
        List<LogEntry> log = new ArrayList<>();
        run.train(new Monitor() {
            @Override
            public void logged(LogEntry entry) {
                log.add(entry);
            }
        });
        return log;
    }

    @Test
    void everyPresetTrainsOnTheCardAsOnTheCpu() throws IOException {
        for (String preset : List.of("dcgan", "wgan-gp", "hinge", "r1", "conditional")) {
            var there = TrainingRun.start(small(preset, "cuda"), temp.resolve(preset + "-cuda"));
            List<LogEntry> card = train(there);
            List<LogEntry> cpu = train(TrainingRun.start(small(preset, "cpu"),
                    temp.resolve(preset + "-cpu")));
            assertEquals(2, card.size());
            for (int i = 0; i < 2; i++) {
                Map<String, Double> got = card.get(i).losses();
                assertEquals(cpu.get(i).losses().keySet(), got.keySet(), preset);
                cpu.get(i).losses().forEach((name, loss) ->
                        assertEquals(loss, got.get(name), 1e-4 * Math.max(1, Math.abs(loss)), preset + name));
            }
            assertEquals(Device.cuda(0), there.generator().parameters().getFirst().device());
            Path saved = temp.resolve(preset + "-cuda/generator.safetensors");
            Tensor mine = Sampling.draw(SavedNetwork.load(saved), 2, 1, null);
            there.generator().eval();
            Tensor its = Sampling.draw(there.generator(), 2, 1, null);
            assertEquals(Device.CPU, its.device());
            assertTrue(mine.sub(its).abs().amax().item() < 1e-3, preset);
        }
    }

    @Test
    void aRunGoesOnOnAnotherDevice() throws IOException {
        for (List<String> way : List.of(List.of("cuda", "cpu"), List.of("cpu", "cuda"))) {
            List<LogEntry> whole = train(TrainingRun.start(small("tiny", way.get(0), "steps=4", "ema=on"),
                    temp.resolve("whole-" + way.get(0))));
            Path run = temp.resolve("parts-" + way.get(0));
            train(TrainingRun.start(small("tiny", way.get(0), "steps=2", "ema=on"), run));
            List<LogEntry> rest = train(TrainingRun.resume(run, "steps=4", "device=" + way.get(1)));
            whole.getLast().losses().forEach((name, loss) ->
                    assertEquals(loss, rest.getLast().losses().get(name), 1e-4, name));
        }
    }

    @Test
    void theCommandLineTakesTheCardByItsName() throws IOException {
        Path run = temp.resolve("quickstart");
        String said = command(0, "train", "--device", "cuda", "--steps", "2", "--set", "batch=4", "--set",
                "sample.count=4", "--out", run.toString());
        assertTrue(said.contains("finished after 2 iterations"), said);
        command(0, "sample", run.toString(), "--device", "cuda:0", "--count", "2", "--out",
                temp.resolve("two.png").toString());
        assertTrue(Files.size(temp.resolve("two.png")) > 0);
        said = command(0, "conform", Parity.vectors().toString(), "--device", "cuda", "--only", "tanh");
        assertTrue(said.contains("f32 cuda:0") && said.contains("all agree"), said);
        said = command(1, "train", "tiny", "--device", "cuda:7", "--out", temp.resolve("none").toString());
        assertTrue(said.contains("cuda:7: expected the number of a card of this machine"), said);
        assertFalse(Files.exists(temp.resolve("none")));
    }

    private static String command(int code, String... words) {
        var said = new StringWriter();
        var out = new PrintWriter(said);
        int got = Main.run(words, out, out);
        out.flush();
        assertEquals(code, got, said.toString());
        return said.toString();
    }

    /// In a JVM of its own, since nothing can be computed in it afterwards.
    @Test
    void anErrorThatStaysEndsARunWithTheWayToItsCheckpoint() throws Exception {
        Path run = temp.resolve("lost");
        var arguments = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1", "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "-Dwengert.cuda.libraries=" + EmulatedDriver.build(),
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "train", "tiny",
                "--device", "cuda", "--out", run.toString(), "--steps", "50"));
        SMALL.stream().filter(s -> !s.startsWith("steps"))
                .forEach(s -> arguments.addAll(List.of("--set", s)));
        var builder = new ProcessBuilder(arguments).redirectErrorStream(true)
                .redirectOutput(temp.resolve("said").toFile());
        builder.environment().put("CUDA_EMULATION_FAIL", "cuLaunchKernel:1500:700");
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it hangs");
        String said = Files.readString(temp.resolve("said"));
        assertEquals(1, process.exitValue(), said);
        List<Path> saved;
        try (var list = Files.list(run.resolve("checkpoints"))) {
            saved = list.sorted().toList();
        }
        assertFalse(saved.isEmpty(), said);
        assertTrue(said.contains("CUDA_ERROR_ILLEGAL_ADDRESS") && said.contains("iterations were done")
                && said.contains("The newest checkpoint is " + saved.getLast())
                && said.contains("resume " + run), said);
        assertTrue(TrainingRun.resume(run, "device=cpu").step() > 0);
    }
}
