package wengert.gan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every key of the configuration. Validation, the explained output, suggestions and the documentation all
/// read this one list. The defaults are those of the preset `dcgan`.
public final class Schema {
    private static final Map<String, Key> BY_NAME = new LinkedHashMap<>();
    private static final Set<String> GROUPS = new LinkedHashSet<>();

    /// What a group's single value stands for: `loss: hinge` is `loss.type: hinge`.
    private static final Map<String, String> SHORT_FORMS = new LinkedHashMap<>();

    static {
        for (Key key : Keys.ALL) {
            BY_NAME.put(key.name, key);
            for (int dot = key.name.indexOf('.'); dot >= 0; dot = key.name.indexOf('.', dot + 1)) {
                GROUPS.add(key.name.substring(0, dot));
            }
            if (key.name.endsWith(".type")) {
                SHORT_FORMS.put(key.name.substring(0, key.name.length() - ".type".length()), key.name);
            }
        }
        SHORT_FORMS.put("data", "data.source");
        SHORT_FORMS.put("ema", "ema.enabled");
    }

    private Schema() {}

    /// All keys, group by group.
    public static List<Key> keys() {
        return Keys.ALL;
    }

    static Key find(String name) {
        return BY_NAME.get(name);
    }

    static boolean isGroup(String name) {
        return GROUPS.contains(name);
    }

    /// The full key that a group's single value stands for, or `name` itself.
    static String full(String name) {
        return SHORT_FORMS.getOrDefault(name, name);
    }

    /// The keys probably meant by a name that is none.
    static List<String> nearest(String wrong) {
        var names = new LinkedHashMap<String, String>();
        for (Key key : Keys.ALL) {
            names.put(key.name, key.name);
            key.otherNames.forEach(other -> names.putIfAbsent(other, key.name));
        }
        return Nearest.keys(wrong, Collections.unmodifiableMap(names));
    }
}
