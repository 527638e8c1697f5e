package wengert.gan.conform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.io.FormatException;

/// One entry of a vector description, with typed access to its fields.
///
/// @param id     `op/tag`, `optim/adam`, `gan/dcgan-vanilla`
/// @param fields as read from JSON
record Case(String id, Map<String, Object> fields) {
    static Case of(Object json, String source) {
        if (json instanceof Map<?, ?> map && map.get("id") instanceof String id) {
            var fields = new LinkedHashMap<String, Object>();
            map.forEach((k, v) -> fields.put((String) k, v));
            return new Case(id, fields);
        }
        throw new FormatException("vectors", "an object with an 'id'", String.valueOf(json), "in " + source,
                "check the file");
    }

    String text(String key) {
        return field(key, String.class);
    }

    int whole(String key, int otherwise) {
        return fields.get(key) == null ? otherwise : field(key, Number.class).intValue();
    }

    double real(String key, double otherwise) {
        return fields.get(key) == null ? otherwise : field(key, Number.class).doubleValue();
    }

    boolean flag(String key) {
        return fields.get(key) != null && field(key, Boolean.class);
    }

    List<String> texts(String key) {
        return list(key).stream().map(String.class::cast).toList();
    }

    int[] wholes(String key) {
        return list(key).stream().mapToInt(n -> ((Number) n).intValue()).toArray();
    }

    double[] reals(String key) {
        return list(key).stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
    }

    List<?> list(String key) {
        return field(key, List.class);
    }

    boolean has(String key) {
        return fields.get(key) != null;
    }

    /// A nested object, as a case of the same name.
    Case part(String key) {
        Map<?, ?> map = field(key, Map.class);
        var part = new LinkedHashMap<String, Object>();
        map.forEach((k, v) -> part.put((String) k, v));
        return new Case(id, part);
    }

    private <V> V field(String key, Class<V> type) {
        Object value = fields.get(key);
        if (!type.isInstance(value)) {
            throw new FormatException("vectors", "'" + key + "' as a " + type.getSimpleName(),
                    String.valueOf(value), "in case " + id, "check the file");
        }
        return type.cast(value);
    }
}
