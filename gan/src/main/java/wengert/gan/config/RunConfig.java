package wengert.gan.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import wengert.gan.config.AuxiliaryTypes.Side;

/// The merged configuration of a run: every key of the [Schema] with its typed value and where it comes
/// from. Immutable.
///
/// Sources, each over the one before: the defaults, the bases of a file, the file or preset, settings
/// `key=value`, on the command line also options of their own such as `--steps`.
///
/// ```java
/// var config = RunConfig.load("wgan-gp").with("batch=32", "steps=500");
/// double lr = config.real("optimizer.generator.lr");
/// ```
public final class RunConfig {
    private final List<Layer> layers;
    private final Map<String, Merge.Setting> values;

    private RunConfig(List<Layer> layers, List<String> problems) {
        this.layers = List.copyOf(layers);
        this.values = Merge.of(layers, problems);
    }

    /// Reads and merges what a command line says.
    ///
    /// @param what    a preset's name or a YAML file; null for the default preset
    /// @param sets    `key=value`, as after `--set`
    /// @param options value by key, of options that are called like their key, such as `--steps` or `--data`
    /// @throws ConfigException with every problem there is
    public static RunConfig load(String what, List<String> sets, Map<String, String> options) {
        var problems = new ArrayList<String>();
        var loader = new Loader(problems);
        loader.load(Objects.requireNonNullElse(what, Presets.DEFAULT), Path.of(""), "");
        var layers = new ArrayList<>(loader.layers());
        addCommandLine(sets, options, layers, problems);
        return new RunConfig(layers, problems);
    }

    /// The preset of that name, or the file, as it is.
    public static RunConfig load(String what) {
        return load(what, List.of(), Map.of());
    }

    /// The configuration that a run has written, see [#toYaml()]. The values come from where they came from
    /// when the run began, which stands behind them, and not from this file.
    ///
    /// @throws ConfigException with every problem there is, naming its line
    public static RunConfig ofRun(Path file) {
        RunConfig read = load(file.toString());
        return new RunConfig(read.layers.stream().map(new Origins(file)::of).toList(), new ArrayList<>());
    }

    /// This configuration with `key=value` settings over it.
    public RunConfig with(String... sets) {
        var problems = new ArrayList<String>();
        var more = new ArrayList<>(layers);
        more.add(assignments(List.of(sets), "set in code", problems));
        return new RunConfig(more, problems);
    }

    /// This configuration with what a command line says over it, see [#load(String, List, Map)].
    public RunConfig with(List<String> sets, Map<String, String> options) {
        var problems = new ArrayList<String>();
        var more = new ArrayList<>(layers);
        addCommandLine(sets, options, more, problems);
        return new RunConfig(more, problems);
    }

    private static void addCommandLine(List<String> sets, Map<String, String> options, List<Layer> layers,
            List<String> problems) {
        layers.add(assignments(sets, "--set", problems));
        var builder = new Layer.Builder(problems, true);
        options.forEach((key, value) -> builder.value(key, value, "--" + key));
        layers.add(builder.build());
    }

    private static Layer assignments(List<String> sets, String origin, List<String> problems) {
        var builder = new Layer.Builder(problems, true);
        sets.forEach(set -> builder.assignment(set, origin));
        return builder.build();
    }

    /// A real number, such as that of `optimizer.generator.lr`.
    public double real(String key) {
        return value(key, Double.class);
    }

    /// A whole number, such as that of `batch`. The seed is larger: see [#seed()].
    public int whole(String key) {
        return Math.toIntExact(value(key, Long.class));
    }

    /// `seed`, from 0 to 2^63 − 1.
    public long seed() {
        return value("seed", Long.class);
    }

    /// A text or one of some words, such as that of `loss.type`.
    public String text(String key) {
        return value(key, String.class);
    }

    /// True or false, such as that of `ema.enabled`.
    public boolean flag(String key) {
        return value(key, Boolean.class);
    }

    /// A list of real numbers, such as that of `optimizer.generator.betas`.
    public List<Double> reals(String key) {
        return list(key).stream().map(Double.class::cast).toList();
    }

    /// A list of whole numbers, such as that of `schedule.generator.milestones`.
    public List<Integer> wholes(String key) {
        return list(key).stream().map(n -> Math.toIntExact((Long) n)).toList();
    }

    /// The auxiliary losses of a network.
    public List<Auxiliary> auxiliary(Side side) {
        String key = side == Side.GENERATOR ? "generator.auxiliary" : "discriminator.auxiliary";
        return list(key).stream().map(Auxiliary.class::cast).toList();
    }

    /// Where the value of `key` comes from: `default`, `preset wgan:7`, `my.yaml:12`, `--set`, `--steps`,
    /// `set in code`.
    public String origin(String key) {
        return setting(key).origin();
    }

    /// A key with its value as YAML and where the value comes from.
    ///
    /// @param key    the schema's key
    /// @param value  one line of YAML
    /// @param origin as [#origin(String)]
    public record Entry(Key key, String value, String origin) {}

    /// The keys that have an effect in this configuration, in the schema's order. Left out are those that
    /// another key switches off, such as `ema.momentum` without `ema.enabled`.
    public List<Entry> entries() {
        return Schema.keys().stream().filter(key -> Merge.applies(key, values))
                .map(key -> new Entry(key, key.kind.yaml(values.get(key.name).value()), origin(key.name)))
                .toList();
    }

    /// This configuration as commented YAML that reads back to the same values.
    public String toYaml() {
        return new ConfigWriter(this).write();
    }

    /// A key that a resumed run would change although it must not.
    ///
    /// @param key    its name
    /// @param before its value in the run so far, as YAML; `unused` where it had no effect
    /// @param now    its value in the new configuration, likewise
    /// @param origin where the new value comes from
    public record Change(String key, String before, String now, String origin) {}

    /// The settings that must not change when a run is resumed, as YAML by key. What has no effect is left
    /// out.
    public Map<String, String> fixed() {
        var fixed = new LinkedHashMap<String, String>();
        for (Key key : Schema.keys()) {
            if (!key.changesOnResume && Merge.applies(key, values)) {
                fixed.put(key.name, used(key));
            }
        }
        return fixed;
    }

    /// What keeps this configuration from going on with a run of `before`. Only `steps`, `device`, `threads`
    /// and the intervals of log, samples and checkpoints may change.
    public List<Change> changesOnResume(RunConfig before) {
        return changes(before.fixed());
    }

    private List<Change> changes(Map<String, String> before) {
        var changes = new ArrayList<Change>();
        for (Key key : Schema.keys()) {
            String was = before.getOrDefault(key.name, "unused");
            String now = used(key);
            if (!key.changesOnResume && !now.equals(was)) {
                changes.add(new Change(key.name, was, now, origin(key.name)));
            }
        }
        return changes;
    }

    /// Refuses to go on from a checkpoint whose run has had other settings: the file that this was read from
    /// has been cut or changed since.
    ///
    /// @param fixed what [#fixed()] was then
    /// @param file  that this was read from
    /// @throws ConfigException that names every such key with both values
    public void checkUnchanged(Map<String, String> fixed, Path file) {
        List<Change> changes = changes(fixed);
        if (changes.isEmpty()) return;
        var text = new StringBuilder(file + " is not what the run began with:");
        changes.forEach(c -> text.append("\n  %s: it was %s, %s stands there now"
                .formatted(c.key, c.before, c.now)));
        throw new ConfigException(text + "\n  Put these back, or start a new run.");
    }

    /// Refuses to go on with a run of `before` if anything differs that must not.
    ///
    /// @throws ConfigException that names every such key with both values
    public void checkResume(RunConfig before) {
        List<Change> changes = changesOnResume(before);
        if (changes.isEmpty()) return;
        var free = Schema.keys().stream().filter(key -> key.changesOnResume).map(Key::name).toList();
        var text = new StringBuilder("a resumed run keeps its settings, these came with other values:");
        for (Change c : changes) {
            text.append("\n  %s: it is %s, %s came — %s".formatted(c.key, c.before, c.now, c.origin));
        }
        throw new ConfigException(text + "\n  Leave them as they are, or start a new run; only "
                + String.join(", ", free) + " may change.");
    }

    private String used(Key key) {
        return Merge.applies(key, values) ? key.kind.yaml(value(key.name)) : "unused";
    }

    Object value(String key) {
        return setting(key).value();
    }

    private <T> T value(String key, Class<T> type) {
        Object value = value(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException("config: " + key + " takes " + Schema.find(key).wanted()
                    + ", asked for was a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private List<?> list(String key) {
        return value(key, List.class);
    }

    private Merge.Setting setting(String key) {
        Merge.Setting setting = values.get(key);
        if (setting == null) {
            throw new IllegalArgumentException("config: there is no key '" + key + "'; nearest are "
                    + Schema.nearest(key));
        }
        return setting;
    }
}
