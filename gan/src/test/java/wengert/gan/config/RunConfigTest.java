package wengert.gan.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import wengert.gan.config.AuxiliaryTypes.Side;

class RunConfigTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("presets")
    void everyPresetIsValidAndReadsBackFromWhatItWrites(String preset) throws Exception {
        assertTrue(Presets.meaning(preset).length() > 20, preset);
        RunConfig config = RunConfig.load(preset);
        assertEquals(preset, config.text("name"));
        RunConfig back = RunConfig.load(write("config.yaml", config.toYaml()));
        assertSame(config, back);
        assertEquals(values(config.toYaml()), values(back.toYaml()));
        assertEquals(List.of(), back.changesOnResume(config));
    }

    static List<String> presets() {
        return Presets.names();
    }

    @Test
    void theDefaultsAreThoseOfTheDefaultPreset() throws Exception {
        assertSame(RunConfig.load(null, List.of(), Map.of()), RunConfig.load(write("empty.yaml", "")));
    }

    @Test
    void anyKeyCanBeSetAndReadsBack() throws Exception {
        var sets = List.of("name=no", "data=folder:my photos/a#b: 'c'", "optimizer.generator=rmsprop",
                "optimizer.generator.alpha=0.1", "optimizer.discriminator=sgd",
                "optimizer.discriminator.nesterov=on",
                "optimizer.discriminator.lr=1e-300", "schedule.generator=multi_step",
                "schedule.generator.milestones=3,7", "schedule.discriminator=cosine", "ema=yes",
                "ema.start=5",
                "model.conditional=true", "seed=9223372036854775807", "model.init.gamma_mean=-0.0",
                "discriminator.auxiliary=[{type: r1, interval: 4}, disc_shift]");
        RunConfig config = RunConfig.load("dcgan", sets, Map.of());
        assertEquals("my photos/a#b: 'c'", config.text("data.path"));
        assertEquals(List.of(3, 7), config.wholes("schedule.generator.milestones"));
        assertEquals(2000, config.whole("schedule.discriminator.t_max"));
        List<Auxiliary> losses = config.auxiliary(Side.DISCRIMINATOR);
        assertEquals("{type: r1, weight: 5.0, norm: hwc, interval: 4}", losses.getFirst().toString());
        assertEquals(0.001, losses.get(1).real("weight"));
        assertEquals(4, losses.getFirst().whole("interval"));
        assertEquals("hwc", losses.getFirst().text("norm"));
        assertThrows(IllegalArgumentException.class, () -> losses.get(1).real("norm"));
        assertSame(config, RunConfig.load(write("config.yaml", config.toYaml())));
    }

    @Test
    void laterSourcesWinAndEachValueKnowsItsOwn() throws Exception {
        write("base.yaml", "base: wgan-gp\nbatch: 16\nsteps: 7\nseed: 3\n");
        String mine = write("mine.yaml", "base: base.yaml\n\nbatch: 17\nsteps: 8\n");
        RunConfig config =
                RunConfig.load(mine, List.of("steps=9", "accumulation=2"), Map.of("accumulation", "3"));
        assertEquals(List.of("wgan", "3", "17", "9", "3", "1"), List.of(config.text("loss.type"),
                "" + config.seed(), "" + config.whole("batch"), "" + config.whole("steps"),
                "" + config.whole("accumulation"), "" + config.whole("gen_steps")));
        assertEquals("preset wgan-gp:4", config.origin("loss.type"));
        assertEquals("base.yaml:4", config.origin("seed").replace(dir + "/", ""));
        assertEquals("mine.yaml:3", config.origin("batch").replace(dir + "/", ""));
        assertEquals("--set", config.origin("steps"));
        assertEquals("--accumulation", config.origin("accumulation"));
        assertEquals("default", config.origin("gen_steps"));
        assertEquals("from steps", config.with("schedule.generator=linear")
                .origin("schedule.generator.total_iters"));
    }

    @Test
    void severalBasesAreLaidOverEachOther() throws Exception {
        RunConfig config = RunConfig.load(write("mine.yaml", "base: [hinge, r1, tiny]\n"));
        assertEquals("logistic_ns", RunConfig.load(write("two.yaml", "base: [hinge, r1]")).text("loss.type"));
        // tiny inherits dcgan, whose loss comes again.
        assertEquals("vanilla", config.text("loss.type"));
        assertEquals(16, config.whole("model.size"));
        assertTrue(config.flag("model.discriminator.spectral_norm"));
    }

    @Test
    void aBaseThatGoesRoundOrIsMissingIsRefused() throws Exception {
        write("a.yaml", "base: b.yaml");
        write("b.yaml", "base: sub/../a.yaml");
        Files.createDirectory(dir.resolve("sub"));
        String circle = refused(dir.resolve("a.yaml").toString());
        assertTrue(circle.contains("a.yaml → ") && circle.contains("b.yaml → "), circle);
        assertTrue(refused(write("c.yaml", "\nbase: dcgna"))
                .contains("'dcgna' is neither — c.yaml:2 — did you mean "
                + "dcgan?"));
        assertTrue(refused(write("d.yaml", "base: [dcgan, [tiny]]")).contains("a list came"));
        assertTrue(refused(write("e.yaml", "base:")).contains("nothing came"));
        assertTrue(refused(write("f.yaml", "model: {base: dcgan}")).contains("there is no key 'model.base'"));
        assertTrue(refused("nowhere.yaml").contains("'nowhere.yaml' is not there — Presets: dcgan, tiny, "));
        assertTrue(refused("\0").contains("neither"));
        assertTrue(refused(dir.toString()).contains("neither"));
    }

    @ParameterizedTest
    @CsvSource({"optimiser.generater.lr,optimizer.generator.lr", "btach,batch", "Batch,batch", "stepps,steps",
        "checkpoint.intervall,checkpoint.interval",
        "generator.lr,optimizer.generator.lr or optimizer.discriminator.lr",
        "model.discriminator.spectral-norm,model.discriminator.spectral_norm", "disc_step,disc_steps",
        "lr,optimizer.generator.lr or optimizer.discriminator.lr", "batch_size,batch", "epochs,steps",
        "optimizer.discriminator.learning_rate,optimizer.discriminator.lr", "n_critic,disc_steps",
        "train.optim.generator.lr,optimizer.generator.lr or optimizer.discriminator.lr"})
    void anUnknownKeySuggestsTheNearest(String wrong, String right) throws Exception {
        String message = "config: there is no key '" + wrong + "'; did you mean " + right + "? — ";
        assertEquals(message + "set in code", assertThrows(ConfigException.class,
                () -> RunConfig.load("dcgan").with(wrong + "=1")).getMessage());
        assertEquals(message + "my.yaml:1", refused(write("my.yaml", wrong + ": 1")));
    }

    @Test
    void aKeyThatIsLikeNoOtherPointsToTheList() {
        String message = assertThrows(ConfigException.class,
                () -> RunConfig.load("dcgan").with("qwertzuiop=1")).getMessage();
        assertTrue(message.contains("'wengert config' lists all keys"), message);
    }

    @Test
    void aGroupWithAValueNamesItsKeys() throws Exception {
        assertTrue(refused(write("my.yaml", "optimizer: adam")).contains(
                "'optimizer' is a group of keys, adam came; set one of its keys: optimizer.generator.type"));
        assertTrue(refused(write("my.yaml", "steps: {a: 1}"))
                .contains("steps: a whole number ≥ 1 is wanted, a map"));
    }

    @Test
    void allProblemsAreToldAtOnce() throws Exception {
        String message = refused(write("my.yaml",
                "batch: 0\nstepps: 5\noptimizer.generator.lr: nan\nloss: wgann\n"));
        assertEquals("""
                config: 4 problems:
                  there is no key 'stepps'; did you mean steps? — my.yaml:2
                  batch: a whole number ≥ 1 is wanted, 0 came — my.yaml:1
                  optimizer.generator.lr: a real number > 0 is wanted, nan came — my.yaml:3
                  loss.type: one of vanilla, lsgan, wgan, logistic_ns, hinge is wanted, wgann came; \
                did you mean wgan? — my.yaml:4""", message);
    }

    @Test
    void aKeyWithoutEffectIsRefusedWhereItWasMeantAndDroppedWhereItIsInherited() throws Exception {
        assertEquals("config: ema.momentum has no effect while ema.enabled is false (preset mmgen-dcgan:16) "
                + "— set in code — set ema.enabled to true, or leave ema.momentum out",
                assertThrows(ConfigException.class,
                        () -> RunConfig.load("mmgen-dcgan").with("ema.momentum=0.9")).getMessage());
        write("rms.yaml", "base: wgan\noptimizer.generator.alpha: 0.5\n");
        String mine = write("adam.yaml", "base: rms.yaml\noptimizer.generator: adam\n");
        RunConfig config = RunConfig.load(mine);
        assertFalse(config.toYaml().contains("alpha: 0.5"));
        assertEquals(0.99, config.real("optimizer.generator.alpha"));
    }

    @Test
    void dataSourcesAreSplitIntoKindAndDirectory() {
        RunConfig config = RunConfig.load("dcgan", List.of(), Map.of("data", "idx:C:\\data"));
        assertEquals("idx", config.text("data.source"));
        assertEquals("C:\\data", config.text("data.path"));
        assertEquals("--data", config.origin("data.path"));
        assertEquals("", config.with("data=bundled").text("data.path"));
        String path = assertThrows(ConfigException.class, () -> config.with("data=photos/")).getMessage();
        assertTrue(path.contains("write folder:photos/ for image files"), path);
        String word = assertThrows(ConfigException.class, () -> config.with("data=foldr:photos"))
                .getMessage();
        assertTrue(word.contains("did you mean folder?"), word);
    }

    @Test
    void auxiliaryLossesAreFoundByNameAndTheirParametersChecked() throws Exception {
        RunConfig config = RunConfig.load("wgan-gp")
                .with("discriminator.auxiliary.gradient_penalty.weight=50");
        assertEquals(50, config.auxiliary(Side.DISCRIMINATOR).getFirst().real("weight"));
        assertEquals("hwc", config.auxiliary(Side.DISCRIMINATOR).getFirst().text("norm"));
        assertEquals(List.of(), config.auxiliary(Side.GENERATOR));
        assertEquals(1e-4, config.with("generator.auxiliary=total_variation").auxiliary(Side.GENERATOR)
                .getFirst().real("weight"));
        assertEquals(List.of(), config.with("discriminator.auxiliary=[]").auxiliary(Side.DISCRIMINATOR));
        assertEquals(2, config.with("discriminator.auxiliary=r1,disc_shift").auxiliary(Side.DISCRIMINATOR)
                .size());
        String child = write("c.yaml",
                "base: wgan-gp\ndiscriminator: {auxiliary: {gradient_penalty: {norm: pixel}}}");
        assertEquals("pixel", RunConfig.load(child).auxiliary(Side.DISCRIMINATOR).getFirst().text("norm"));

        for (var wrong : Map.of(
                "discriminator.auxiliary=[{type: gradient_penaltie}]", "did you mean gradient_penalty?",
                "discriminator.auxiliary=[{type: r1, weigth: 1}]", "the parameter 'weigth' of r1 is unknown",
                "discriminator.auxiliary=[{weight: 1}]", "an entry has no type",
                "discriminator.auxiliary=[{type: r1, interval: 0}]",
                        "r1.interval is 0, where a whole number ≥ 1 is",
                "discriminator.auxiliary=[[]]", "an entry is a list",
                "discriminator.auxiliary.r1.weight=1", "there is no entry of this type",
                "generator.auxiliary=r1", "can be added here; there are total_variation",
                "discriminator.auxiliary={type: r1, norm: HWC}", "where one of hwc, pixel is wanted",
                "discriminator.auxiliary=xyz", "there are gradient_penalty, r1, disc_shift").entrySet()) {
            String message = assertThrows(ConfigException.class, () -> config.with(wrong.getKey()))
                    .getMessage();
            assertTrue(message.contains(wrong.getValue()), message);
        }
    }

    @Test
    void schedulesCoverTheRunUnlessTheirLengthIsSaid() {
        RunConfig config = RunConfig.load("dcgan", List.of("steps=103", "disc_steps=5", "disc_init_steps=12",
                "gen_steps=2", "schedule.generator=linear", "schedule.discriminator=cosine"), Map.of());
        int updates = 0;
        for (int t = 0; t < 103; t++) {
            if ((t + 1) % 5 == 0 && t >= 12) updates += 2;
        }
        assertEquals(updates, config.whole("schedule.generator.total_iters"));
        assertEquals(103, config.whole("schedule.discriminator.t_max"));
        assertEquals(7, config.with("schedule.generator.total_iters=7")
                .whole("schedule.generator.total_iters"));
        assertThrows(ConfigException.class, () -> config.with("schedule.generator=multi_step"));
    }

    @Test
    void aResumedRunMayChangeLengthIntervalsAndMachineOnly() throws Exception {
        RunConfig before = RunConfig.load("dcgan", List.of("schedule.discriminator=linear", "ema=on"),
                Map.of());
        String written = write("config.yaml", before.toYaml());
        RunConfig longer = RunConfig.load(written, List.of("steps=2000", "log.interval=5",
                "sample.interval=7", "checkpoint.interval=9", "threads=1"), Map.of("device", "cuda"));
        longer.checkResume(before);
        assertEquals(2000, longer.whole("schedule.discriminator.total_iters"));

        RunConfig other = RunConfig.load(written, List.of("batch=32", "ema.interval=2", "loss=hinge",
                "optimizer.generator=sgd"), Map.of());
        String message = assertThrows(ConfigException.class, () -> other.checkResume(before)).getMessage();
        var names = new LinkedHashSet<String>();
        other.changesOnResume(before).forEach(change -> names.add(change.key()));
        assertEquals(List.of("batch", "loss.type", "loss.real_label", "loss.fake_label",
                "optimizer.generator.type",
                "optimizer.generator.betas", "optimizer.generator.momentum", "optimizer.generator.eps",
                "optimizer.generator.amsgrad", "optimizer.generator.nesterov", "ema.interval"),
                new ArrayList<>(names));
        assertTrue(message.contains("batch: it is 64, 32 came — --set"), message);
        assertTrue(message.contains("only steps, device, threads, log.interval, sample.interval, "
                + "checkpoint.interval may change"), message);
    }

    @Test
    void channelsThatCannotBeHalvedOftenEnoughAreRefused() {
        String message = assertThrows(ConfigException.class,
                () -> RunConfig.load("dcgan").with("model.generator.base=6")).getMessage();
        assertEquals("config: model.generator.base: a multiple of 4 is wanted, as it is halved to a 1/4 at "
                + "model.size 32, 6 came — set in code", message);
        assertEquals(8, RunConfig.load("dcgan").with("model.generator.base=8").whole("model.generator.base"));
    }

    @Test
    void askingForAKeyThatIsNotThereOrOfAnotherTypeIsAnErrorOfTheProgram() {
        RunConfig config = RunConfig.load("dcgan");
        assertThrows(IllegalArgumentException.class, () -> config.real("optimizer.lr"));
        assertThrows(IllegalArgumentException.class, () -> config.real("batch"));
        assertThrows(IllegalArgumentException.class, () -> config.text("seed"));
    }

    @Test
    void everyKeyIsExplainedAndItsDefaultIsInItsRange() {
        var names = new LinkedHashSet<String>();
        for (Key key : Schema.keys()) {
            assertTrue(names.add(key.name()), key.name());
            assertTrue(key.meaning().length() > 10 && key.meaning().length() <= 80, key.name());
            if (!key.initial.equals(List.of())) {
                String text = key.defaultText().equals("\"\"") ? "" : key.defaultText();
                Node node = text.startsWith("[") ? Yaml.parse(text, "default")
                        : new Node.Scalar(text, false, 0);
                assertEquals(key.initial, key.kind.read(node), key.name());
            }
            if (key.switchedBy != null) assertTrue(names.contains(key.switchedBy), key.name());
        }
        for (String relied : List.of("steps", "seed", "batch", "optimizer.generator.lr",
                "optimizer.discriminator.lr", "checkpoint.interval", "sample.interval", "log.interval")) {
            assertTrue(names.contains(relied), relied);
        }
    }

    private static void assertSame(RunConfig expected, RunConfig actual) {
        assertEquals(byKey(expected), byKey(actual));
    }

    private static Map<String, Object> byKey(RunConfig config) {
        var map = new LinkedHashMap<String, Object>();
        for (Key key : Schema.keys()) map.put(key.name(), config.value(key.name()));
        return map;
    }

    /// The YAML without comments, which hold the origins.
    private static String values(String yaml) {
        return yaml.replaceAll("(?m) *#.*$", "");
    }

    private String write(String name, String text) throws java.io.IOException {
        return Files.writeString(dir.resolve(name), text).toString();
    }

    private String refused(String what) {
        return assertThrows(ConfigException.class, () -> RunConfig.load(what)).getMessage()
                .replace(dir + "/", "");
    }
}
