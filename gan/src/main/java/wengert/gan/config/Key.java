package wengert.gan.config;

import java.util.List;
import java.util.Set;

/// One key of the configuration: its dotted name, the values it takes, its default, and what it means.
public final class Key {
    final String name;
    final Kind kind;
    final Object initial;
    final String meaning;
    /// The key on whose value it depends whether this one has an effect, and those values; null: it always
    /// has.
    final String switchedBy;
    final Set<Object> switchedOnAt;
    final boolean changesOnResume;
    final List<String> otherNames;

    private Key(String name, Kind kind, Object initial, String meaning, String switchedBy,
            Set<Object> switchedOnAt, boolean changesOnResume, List<String> otherNames) {
        this.name = name;
        this.kind = kind;
        this.initial = initial;
        this.meaning = meaning;
        this.switchedBy = switchedBy;
        this.switchedOnAt = switchedOnAt;
        this.changesOnResume = changesOnResume;
        this.otherNames = otherNames;
    }

    static Key key(String name, Kind kind, Object initial, String meaning) {
        return new Key(name, kind, initial, meaning, null, Set.of(), false, List.of());
    }

    /// It has an effect only where the key `switchedBy` has one of `values`.
    Key onlyIf(String switchedBy, Object... values) {
        return new Key(name, kind, initial, meaning, switchedBy, Set.of(values), changesOnResume,
                otherNames);
    }

    /// A resumed run may change it.
    Key freeOnResume() {
        return new Key(name, kind, initial, meaning, switchedBy, switchedOnAt, true, otherNames);
    }

    /// What it is called elsewhere, for suggestions only.
    Key elsewhere(String... names) {
        return new Key(name, kind, initial, meaning, switchedBy, switchedOnAt, changesOnResume,
                List.of(names));
    }

    /// The dotted name, such as `optimizer.generator.lr`.
    public String name() {
        return name;
    }

    /// The values it takes, in words, such as `a real number > 0`.
    public String wanted() {
        return kind.wanted();
    }

    /// The default, as it is written in YAML.
    public String defaultText() {
        return kind.yaml(initial);
    }

    /// What it does, in one line, with the unit.
    public String meaning() {
        return meaning;
    }
}
