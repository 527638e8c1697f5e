package wengert.gan.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Numbers and words that YAML reads as something else: here the key decides what they are.
class TextsTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"1e-4,1e-4", "2E-4,2e-4", "1.e-4,1e-4", ".5,.5", "1e3,1000", "1.0E-4,1e-4", "+1e-4,1e-4",
        "1,1",
        "'\"1e-4\"',1e-4", "1_000.5,1000.5", "010,10"})
    void realNumbersAreReadAsPeopleWriteThem(String text, double value) {
        assertEquals(value, yaml("optimizer.generator.lr: " + text).real("optimizer.generator.lr"));
        assertEquals(value, yaml("optimizer:\n  generator:\n    lr: " + text).real("optimizer.generator.lr"));
        if (!text.contains("\"")) {
            assertEquals(value, set("optimizer.generator.lr=" + text).real("optimizer.generator.lr"));
        }
    }

    @ParameterizedTest
    @CsvSource({"1e3,1000", "64.0,64", "1_000,1000", "010,10", "'\"7\"',7", "1.5e1,15",
            "2147483647,2147483647"})
    void wholeNumbersAreReadInAnyDecimalSpelling(String text, int value) {
        assertEquals(value, yaml("steps: " + text).whole("steps"));
        assertEquals(value, yaml("seed: " + text).seed());
        if (!text.contains("\"")) assertEquals(value, set("steps=" + text).whole("steps"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "off", "1:30", "1e-4", "010", "True", "y", "0x10", "2001-01-01", ".nan",
            "'null'",
        "'~'", "a b", "é-\ud83d\ude00", "'# x'", "\"a\\tb\""})
    void textsStayTexts(String text) {
        String value = text.replaceAll("^['\"]|['\"]$", "").replace("\\t", "\t");
        RunConfig config = yaml("name: " + text);
        assertEquals(value, config.text("name"));
        assertEquals(value, file(config.toYaml()).text("name"));
    }

    @ParameterizedTest
    @CsvSource({"yes,true", "on,true", "True,true", "true,true", "no,false", "off,false", "FALSE,false"})
    void flagsTakeTheUsualWords(String text, boolean value) {
        assertEquals(value, yaml("ema: " + text).flag("ema.enabled"));
        assertEquals(value, set("ema.enabled=" + text).flag("ema.enabled"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "y", "ja", "nope", "[true]"})
    void otherWordsForAFlagAreAnErrorThatShowsTheAcceptedOnes(String text) {
        assertEquals("config: ema.enabled: true or false is wanted, " + (text.equals("[true]") ? "a list came"
                : text + " came; yes, on, no and off are taken as well") + " — my.yaml:1",
                refusedYaml("ema.enabled: " + text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps:", "steps: ~", "steps: null", "optimizer: {generator: {lr: }}", "name:",
            "loss:",
        "discriminator.auxiliary:", "optimizer.generator.betas:", "ema:", "data.path:"})
    void anEmptyValueIsAnError(String text) {
        String message = refusedYaml(text);
        assertTrue(message.contains("nothing came; ") && message.endsWith("my.yaml:1"), message);
    }

    @Test
    void anEmptyValueOnTheCommandLineIsAnError() {
        assertEquals("config: steps: a whole number ≥ 1 is wanted, nothing came; leave the key out to get "
                + "its default — --set", refusedSet("steps="));
        assertEquals("config: --set: key=value is wanted, 'steps' came — for example "
                + "optimizer.generator.lr=1e-4", refusedSet("steps"));
    }

    @Test
    void aKeyTwiceIsAnErrorWithBothLines() {
        assertEquals("config: 'steps' stands twice in one map — my.yaml, lines 1 and 3 — keep one of them",
                refusedYaml("steps: 1\nbatch: 2\nsteps: 3"));
        assertEquals("config: 'lr' stands twice in one map — my.yaml, lines 3 and 4 — keep one of them",
                refusedYaml("optimizer:\n  generator:\n    lr: 1\n    lr: 1"));
        assertEquals("config: 'loss.type' is set twice — my.yaml:1 and my.yaml:3 — keep one of them",
                refusedYaml("loss: hinge\nloss.weight: 2\nloss.type: hinge"));
        assertEquals("config: 'optimizer.generator.lr' is set twice — my.yaml:1 and my.yaml:3 — keep one of"
                + " them",
                refusedYaml("optimizer.generator.lr: 1\noptimizer:\n  generator: {lr: 2}"));
    }

    @Test
    void onTheCommandLineTheLastOfTwoWins() {
        assertEquals(3, RunConfig.load("tiny", List.of("steps=1", "steps=3"), Map.of()).whole("steps"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "optimizer.generator.lr|-1e-4|a real number > 0", "optimizer.generator.lr|nan|a real number > 0",
        "optimizer.generator.lr|.nan|a real number > 0", "optimizer.generator.lr|NaN|a real number > 0",
        "optimizer.generator.lr|.inf|a real number > 0", "optimizer.generator.lr|Infinity|a real number > 0",
        "optimizer.generator.lr|0|a real number > 0", "optimizer.generator.lr|1e400|a real number > 0",
        "optimizer.generator.lr|1e-4f|a real number > 0", "optimizer.generator.lr|0x1p-3|a real number > 0",
        "optimizer.generator.lr|1 000|a real number > 0", "optimizer.generator.lr|1__0|a real number > 0",
        "optimizer.generator.lr|_1|a real number > 0", "optimizer.generator.lr|1:30|a real number > 0",
        "optimizer.generator.lr|fast|a real number > 0", "optimizer.generator.lr|.|a real number > 0",
        "batch|0|a whole number ≥ 1", "batch|64.5|a whole number ≥ 1", "batch|-1|a whole number ≥ 1",
        "batch|0o17|a whole number ≥ 1", "disc_steps|0|a whole number ≥ 1", "steps|nan|a whole number ≥ 1",
        "seed|-1|a whole number ≥ 0", "seed|1e-999999999|a whole number ≥ 0",
        "model.size|48|a power of two from 8 to 1024", "model.size|4|a power of two from 8 to 1024",
        "model.leaky_slope|1.1|a real number in [0, 1]", "device|gpu|cpu, reference, cuda, cuda:N or auto"})
    void aValueOutsideOfItsRangeIsAnErrorThatNamesKeyRangeAndPlace(String key, String text, String wanted) {
        String message = "config: " + key + ": " + wanted + " is wanted, ";
        assertEquals(message + text + " came — my.yaml:1", refusedYaml(key + ": " + text));
        assertEquals(message + "'" + text + "' came — --set", refusedSet(key + "=" + text));
    }

    @ParameterizedTest
    @CsvSource({"batch,1e10,2147483647", "seed,9223372036854775808,9223372036854775807",
        "steps,1e999999999,2147483647", "model.size,2048,1024"})
    void aValueThatIsTooLargeIsAnErrorThatNamesTheLargest(String key, String text, String largest) {
        String message = refusedSet(key + "=" + text);
        assertTrue(message.contains(key) && (message.contains(largest) || text.length() > 9), message);
    }

    @Test
    void theLargestSeedIsTaken() {
        assertEquals(Long.MAX_VALUE, set("seed=9223372036854775807").seed());
    }

    @Test
    void listsHaveTheirLengthAndRange() {
        assertEquals(List.of(0.0, 0.9), yaml("optimizer.generator.betas: [0, 9e-1]").reals(
                "optimizer.generator.betas"));
        assertEquals(List.of(0.0, 0.9), set("optimizer.generator.betas=0,.9")
                .reals("optimizer.generator.betas"));
        assertEquals(List.of(0.0, 0.9), set("optimizer.generator.betas=[0, .9]").reals(
                "optimizer.generator.betas"));
        String wanted = "config: optimizer.generator.betas: a list of 2 values, each a real number in [0, 1)"
                + " is wanted, a list came; ";
        assertEquals(wanted + "it has 1 in it — --set", refusedSet("optimizer.generator.betas=.5"));
        assertEquals(wanted + "1 in it is not — my.yaml:1",
                refusedYaml("optimizer.generator.betas: [.5, 1]"));
        assertEquals(wanted + "nothing in it is not — --set", refusedSet("optimizer.generator.betas=.5,"));
        assertTrue(refusedYaml("schedule.generator: {type: multi_step, milestones: [5, 5]}")
                .contains("5 follows 5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: &x 1\nb: *x", "steps: *x", "steps: !!int 3", "steps: !x 3", "--- {}\n--- {}",
        "[1]: 2", "? {a: 1}\n: 2", "steps: [1", "steps: {", "\tsteps: 1", "steps: 'a", "a\nb: 1", "hello",
        "- 1", "steps: \u0001"})
    void whatIsNotPlainYamlIsRefusedWithItsPlace(String text) {
        String message = refusedYaml(text);
        assertTrue(message.startsWith("config: ") && message.contains("my.yaml"), message);
    }

    @Test
    void deepAndLongTextsAreRefused() {
        assertTrue(refusedYaml("steps: " + "[".repeat(100_000)).contains("nesting of at most 16"));
        assertTrue(refusedYaml("{a: ".repeat(100_000)).contains("nesting of at most 16"));
        assertTrue(refusedYaml("#" + "x".repeat(2 << 20)).contains("at most"));
        assertTrue(refusedYaml("name: " + "x".repeat(100_000)).length() < 300);
        assertTrue(refusedYaml("x".repeat(900) + ": 1").length() < 300);
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws Exception {
        Path file = dir.resolve("my.yaml");
        Files.write(file, new byte[] {'n', 'a', 'm', 'e', ':', ' ', (byte) 0xe9});
        String message = assertThrows(ConfigException.class, () -> RunConfig.load(file.toString()))
                .getMessage();
        assertTrue(message.contains("UTF-8"), message);
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreRead() {
        assertEquals(3, yaml("\uFEFFsteps: 3\r\nbatch: 4\r\n").whole("steps"));
    }

    private static RunConfig set(String assignment) {
        return RunConfig.load("dcgan", List.of(assignment), Map.of());
    }

    private static String refusedSet(String assignment) {
        return assertThrows(ConfigException.class, () -> set(assignment), assignment).getMessage();
    }

    private RunConfig yaml(String text) {
        return file(text);
    }

    private RunConfig file(String text) {
        try {
            return RunConfig.load(Files.writeString(dir.resolve("my.yaml"), text).toString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String refusedYaml(String text) {
        return assertThrows(ConfigException.class, () -> yaml(text), text).getMessage()
                .replace(dir + "/", "").replace(dir + "\\", "");
    }
}
