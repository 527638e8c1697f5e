package wengert.gan.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/// Lays layers over the defaults, types every value, and checks what only shows when all are together.
final class Merge {
    /// A typed value and where it comes from. `layer` counts from 0 for the defaults.
    record Setting(Object value, int layer, String origin) {}

    private final Map<String, Setting> values = new LinkedHashMap<>();
    private final List<String> problems;

    private Merge(List<String> problems) {
        this.problems = problems;
        for (Key key : Schema.keys()) values.put(key.name, new Setting(key.initial, 0, "default"));
    }

    /// Every key's setting, in the order of the schema.
    ///
    /// @param problems what was found wrong with the layers before
    /// @throws ConfigException if there is any problem, with all of them
    static Map<String, Setting> of(List<Layer> layers, List<String> problems) {
        var merge = new Merge(new ArrayList<>(problems));
        for (int i = 0; i < layers.size(); i++) {
            for (Layer.Raw raw : layers.get(i).settings()) merge.set(raw, i + 1);
        }
        // What does not fit would only cause more messages.
        if (merge.problems.isEmpty()) merge.switches();
        if (merge.problems.isEmpty()) merge.together();
        if (!merge.problems.isEmpty()) throw new ConfigException(merge.problems);
        return merge.values;
    }

    private void set(Layer.Raw raw, int layer) {
        Key key = raw.target();
        try {
            Object value;
            if (raw.changesEntry()) {
                Matcher parts = Layer.auxiliary(raw.key());
                var entries = ((List<?>) values.get(key.name).value).stream()
                        .map(Auxiliary.class::cast).toList();
                value = AuxiliaryTypes.changed(entries, parts.group(2), parts.group(3), raw.node());
            } else {
                value = key.kind.read(raw.node());
            }
            values.put(key.name, new Setting(value, layer, raw.origin()));
        } catch (Kind.Unfit unfit) {
            String remark = unfit.getMessage();
            boolean remarkSaysAll = key.kind instanceof Kind.Auxiliaries
                    && (raw.changesEntry() || raw.node() instanceof Node.Sequence);
            if (!remarkSaysAll) {
                remark = key.wanted() + " is wanted, " + raw.node().shown() + " came"
                        + (remark.isEmpty() ? "" : "; " + remark);
            }
            problems.add(raw.key() + ": " + remark + " — " + raw.origin());
        }
    }

    /// A key that has no effect is refused where it was set with or after what switches it off; where it was
    /// set before (in a base), it goes back to its default.
    private void switches() {
        for (Key key : Schema.keys()) {
            Setting setting = values.get(key.name);
            if (setting.layer == 0 || applies(key, values)) continue;
            Setting by = values.get(key.switchedBy);
            if (setting.layer >= by.layer) {
                Kind kind = Schema.find(key.switchedBy).kind;
                var others = key.switchedOnAt.stream().map(kind::yaml).sorted().toList();
                problems.add("%s has no effect while %s is %s (%s) — %s — set %s to %s, or leave %s out"
                        .formatted(key.name, key.switchedBy, kind.yaml(by.value), by.origin, setting.origin,
                                key.switchedBy, String.join(" or ", others), key.name));
            }
            values.put(key.name, new Setting(key.initial, 0, "default"));
        }
    }

    static boolean applies(Key key, Map<String, Setting> values) {
        return key.switchedBy == null || key.switchedOnAt.contains(values.get(key.switchedBy).value);
    }

    private void together() {
        if (whole("sample.rows") > whole("sample.count")) {
            problems.add("sample.rows: at most sample.count, " + whole("sample.count") + ", is wanted, "
                    + whole("sample.rows") + " came — " + values.get("sample.rows").origin);
        }
        long halvings = whole("model.size") / 8;
        if (whole("model.generator.base") % halvings != 0) {
            problems.add("model.generator.base: a multiple of %1$d is wanted, as it is halved to a 1/%1$d"
                    .formatted(halvings) + " at model.size " + whole("model.size") + ", "
                    + whole("model.generator.base") + " came — " + values.get("model.generator.base").origin);
        }
        // An iteration t trains the generator iff (t + 1) % disc_steps == 0 and t >= disc_init_steps.
        long every = whole("disc_steps");
        long updates = (whole("steps") / every - whole("disc_init_steps") / every) * whole("gen_steps");
        schedule("schedule.generator.", Math.max(1, updates));
        schedule("schedule.discriminator.", whole("steps"));
    }

    private void schedule(String prefix, long length) {
        Setting type = values.get(prefix + "type");
        if (type.value.equals("multi_step") && values.get(prefix + "milestones").value.equals(List.of())) {
            problems.add(prefix + "milestones: at least one value is wanted while " + prefix
                    + "type is multi_step, none came — " + type.origin + " — for example " + prefix
                    + "milestones: [500, 800]");
        }
        // The length is fixed here, so that a resumed and prolonged run keeps the schedule it began with.
        for (String name : List.of("t_max", "total_iters")) {
            Key key = Schema.find(prefix + name);
            Setting setting = values.get(key.name);
            if (applies(key, values) && setting.value.equals(0L)) {
                values.put(key.name, new Setting(length, setting.layer, "from steps"));
            }
        }
    }

    private long whole(String key) {
        return (Long) values.get(key).value;
    }
}
