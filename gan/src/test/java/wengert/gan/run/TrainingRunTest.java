package wengert.gan.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.gan.config.ConfigException;
import wengert.gan.config.RunConfig;
import wengert.tensor.io.FormatException;

/// Runs on disk: the same bits however often they are stopped, and damaged checkpoints refused by name.
class TrainingRunTest {
    private static final String[] SMALL = {"steps=12", "batch=4", "model.generator.base=8",
        "model.discriminator.base=4", "checkpoint.interval=3", "checkpoint.keep=0", "sample.count=4",
        "log.interval=4"};

    @TempDir
    private Path temp;

    private static RunConfig small(String... more) {
        return RunConfig.load("tiny").with(SMALL).with(more);
    }

    private Path complete(String name, RunConfig config) throws IOException {
        Path to = temp.resolve(name);
        assertTrue(TrainingRun.start(config, to).train(new Monitor() { }));
        return to;
    }

    private static byte[] generator(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("generator.safetensors"));
    }

    /// Stops a run after so many iterations of this process.
    private static Monitor stopAfter(int iterations) {
        return new Monitor() {
            private int seen;

            @Override
            public void iteration(int done, int images) {
                seen++;
            }

            @Override
            public boolean stop() {
                return seen >= iterations;
            }
        };
    }

    @Test
    void aRunWritesAllItsFiles() throws IOException {
        Path run = complete("all", small("ema=on"));
        for (String file : List.of("config.yaml", "log.jsonl", "samples/step_000000.png",
                "samples/step_000012.png", "checkpoints/step_000003/state.json", "generator.safetensors",
                "discriminator.safetensors", "generator_ema.safetensors")) {
            assertTrue(Files.isRegularFile(run.resolve(file)), file);
        }
    }

    @Test
    void twoRunsWithOneSeedAreTheSameBitsAndAnotherSeedIsNot() throws IOException {
        byte[] first = generator(complete("a", small()));
        assertArrayEquals(first, generator(complete("b", small())));
        assertFalse(java.util.Arrays.equals(first, generator(complete("c", small("seed=2")))));
    }

    @Test
    void aRunThatIsStoppedAndResumedEndsWithTheSameBits() throws IOException {
        for (List<String> variant : List.of(List.<String>of(),
                List.of("ema=on", "disc_steps=2", "accumulation=2", "schedule.generator.type=linear",
                        "optimizer.generator.weight_decay=0.01"))) {
            RunConfig config = small(variant.toArray(new String[0]));
            byte[] want = generator(complete("whole" + variant.size(), config));
            Path run = temp.resolve("parts" + variant.size());
            assertFalse(TrainingRun.start(config, run).train(stopAfter(5)));
            assertFalse(TrainingRun.resume(run, List.of(), Map.of()).train(stopAfter(2)));
            TrainingRun last = TrainingRun.resume(run, List.of(), Map.of());
            assertEquals(7, last.step());
            assertTrue(last.train(new Monitor() { }));
            assertArrayEquals(want, generator(run));
        }
    }

    @Test
    void onlySomeSettingsMayChangeOnResume() throws IOException {
        Path run = temp.resolve("run");
        TrainingRun.start(small(), run).train(stopAfter(3));
        String message = assertThrows(ConfigException.class,
                () -> TrainingRun.resume(run, List.of("batch=8"), Map.of())).getMessage();
        assertTrue(message.contains("batch") && message.contains("4") && message.contains("8"), message);
        assertEquals(20, TrainingRun.resume(run, List.of(), Map.of("steps", "20")).config().whole("steps"));
    }

    @Test
    void aResumedRunStillKnowsWhereItsSettingsCameFrom() throws IOException {
        Path run = temp.resolve("run");
        RunConfig begun = small("name=a  # b", "generator.auxiliary=[{type: total_variation}]");
        TrainingRun.start(begun, run).train(stopAfter(3));
        for (int i = 0; i < 2; i++) {
            RunConfig resumed = TrainingRun.resume(run, "steps=" + (20 + i)).config();
            for (RunConfig.Entry entry : resumed.entries()) {
                String key = entry.key().name();
                assertEquals(begun.origin(key), entry.origin(), key);
            }
            assertEquals("a  # b", resumed.text("name"));
        }
        String written = Files.readString(run.resolve("config.yaml"));
        assertTrue(written.contains("# preset tiny:") && !written.contains("config.yaml:"), written);
        TrainingRun.resume(run, List.of(), Map.of("steps", "30"));
        assertEquals("--steps", RunConfig.ofRun(run.resolve("config.yaml")).origin("steps"));
    }

    @Test
    void aConfigurationThatWasCutOrChangedSinceTheRunBeganIsRefused() throws IOException {
        Path run = temp.resolve("run");
        TrainingRun.start(small(), run).train(stopAfter(3));
        Path config = run.resolve("config.yaml");
        String sound = Files.readString(config);
        Files.writeString(config, sound.replaceFirst("(?m)^batch: 4 ", "batch: 5 "));
        String message = assertThrows(ConfigException.class, () -> TrainingRun.resume(run)).getMessage();
        assertTrue(message.contains("batch: it was 4, 5 stands there now"), message);
        Files.writeString(config, sound.substring(0, sound.indexOf("base:")));
        message = assertThrows(ConfigException.class, () -> TrainingRun.resume(run)).getMessage();
        assertTrue(message.contains("model.generator.base: it was 8, "), message);
        Files.writeString(config, sound);
        assertEquals(3, TrainingRun.resume(run).step());
    }

    @Test
    void fewerIterationsThanAreDoneAreRefusedAndNothingIsWritten() throws IOException {
        Path run = complete("run", small());
        byte[] config = Files.readAllBytes(run.resolve("config.yaml"));
        String message = assertThrows(RunException.class,
                () -> TrainingRun.resume(run, "steps=5")).getMessage();
        assertTrue(message.contains("12 iterations") && message.contains("got 5"), message);
        assertArrayEquals(config, Files.readAllBytes(run.resolve("config.yaml")));
        assertEquals(9, TrainingRun.resume(run.resolve("checkpoints/step_000009"), "steps=9").step());
    }

    @Test
    void aRunIsNamedAsTheUserNamesIt() throws IOException {
        assertEquals(Path.of("runs", "a"), RunDirectory.rootOf(Path.of("runs/a/checkpoints/step_000003")));
        assertEquals(Path.of("runs", "a"), RunDirectory.rootOf(Path.of("runs/a")));
        assertEquals(Path.of("a").toAbsolutePath(), RunDirectory.rootOf(Path.of("a/checkpoints/step_000003"))
                .toAbsolutePath());
        Path nothing = temp.resolve("nothing");
        String message = assertThrows(RunException.class, () -> TrainingRun.resume(nothing)).getMessage();
        assertTrue(message.contains("there is nothing at " + nothing), message);
    }

    @Test
    void aBrokenConfigurationOfARunIsToldByItsLine() throws IOException {
        Path run = temp.resolve("run");
        TrainingRun.start(small(), run).train(stopAfter(3));
        Path config = run.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replaceFirst("(?m)^batch: .*$", "batch: many"));
        String message = assertThrows(ConfigException.class, () -> TrainingRun.resume(run)).getMessage();
        assertTrue(message.contains("batch") && message.contains("many")
                && message.matches("(?s).*config.yaml:\\d+.*"), message);
    }

    @Test
    void aDamagedCheckpointIsRefusedByNameAndThePreviousOneOffered() throws IOException {
        Path run = complete("run", small());
        Path newest = run.resolve("checkpoints/step_000012");
        for (String file : List.of("generator.safetensors", "optimizer_discriminator.safetensors",
                "state.json")) {
            byte[] sound = Files.readAllBytes(newest.resolve(file));
            byte[] flipped = sound.clone();
            flipped[flipped.length / 2] ^= 0x10;
            for (byte[] damaged : List.of(flipped, java.util.Arrays.copyOf(sound, sound.length - 1))) {
                Files.write(newest.resolve(file), damaged);
                String message = assertThrows(FormatException.class,
                        () -> TrainingRun.resume(run, List.of(), Map.of())).getMessage();
                assertTrue(message.contains("step_000012") && message.contains(file.replace(".json", ""))
                        && message.contains("resume from " + run.resolve("checkpoints/step_000009")),
                        message);
            }
            Files.write(newest.resolve(file), sound);
        }
        assertEquals(9, TrainingRun.resume(run.resolve("checkpoints/step_000009"), List.of(),
                Map.of()).step());
    }

    @Test
    void anUnfinishedCheckpointIsNoCheckpoint() throws IOException {
        Path run = complete("run", small());
        Files.createDirectory(run.resolve("checkpoints/.step_000099.partial"));
        assertEquals(12, TrainingRun.resume(run, List.of(), Map.of()).step());
    }

    @Test
    void aDirectoryThatIsNotEmptyIsLeftAlone() throws IOException {
        Path run = temp.resolve("full");
        Files.createDirectory(run);
        Files.writeString(run.resolve("mine.txt"), "mine");
        assertThrows(RunException.class, () -> TrainingRun.start(small(), run));
        assertEquals("mine", Files.readString(run.resolve("mine.txt")));
        assertThrows(RunException.class, () -> TrainingRun.resume(run, List.of(), Map.of()));
    }

    @Test
    void samplesComeFromARunACheckpointOrAFile() throws IOException {
        Path run = complete("run", small("model.conditional=true"));
        var fromFile = Sampling.draw(Sampling.generator(run.resolve("generator.safetensors")), 3, 1, 4);
        assertEquals("[3,1,16,16]", fromFile.shape().toString());
        assertTrue(fromFile.sameBits(Sampling.draw(Sampling.generator(run), 3, 1, 4)));
        assertTrue(fromFile.sameBits(Sampling.draw(Sampling.generator(run.resolve("checkpoints/step_000012")),
                3, 1, 4)));
        assertFalse(fromFile.sameBits(Sampling.draw(Sampling.generator(run), 3, 2, 4)));
        assertTrue(fromFile.slice(0, 0, 2, 1).contiguous()
                .sameBits(Sampling.draw(Sampling.generator(run), 2, 1, 4)));
        assertThrows(RunException.class, () -> Sampling.draw(Sampling.generator(run), 1, 1, 10));
    }
}
