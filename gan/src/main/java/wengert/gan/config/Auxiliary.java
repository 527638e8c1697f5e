package wengert.gan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// An auxiliary loss as configured: its type and every parameter of that type, in the type's order.
///
/// @param type       the name in [AuxiliaryTypes]
/// @param parameters `Double`, `Long`, `Boolean` or `String` by name, defaults filled in
public record Auxiliary(String type, Map<String, Object> parameters) {
    /// Keeps an unmodifiable copy in the given order.
    public Auxiliary {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /// A real parameter, such as `weight`.
    public double real(String name) {
        return (Double) value(name);
    }

    /// A whole parameter, such as `interval`.
    public int whole(String name) {
        return Math.toIntExact((Long) value(name));
    }

    /// A parameter that is a text or one of some words, such as `norm`.
    public String text(String name) {
        return (String) value(name);
    }

    private Object value(String name) {
        Object value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("auxiliary loss '" + type + "' has the parameters "
                    + parameters.keySet() + ", asked for was '" + name + "'");
        }
        return value;
    }

    /// One line of YAML: `{type: r1, weight: 5.0, norm: hwc, interval: 1}`.
    @Override
    public String toString() {
        return parameters.entrySet().stream().map(p -> ", " + p.getKey() + ": "
                + AuxiliaryTypes.parameter(type, p.getKey()).kind.yaml(p.getValue()))
                .collect(Collectors.joining("", "{type: " + type, "}"));
    }
}
