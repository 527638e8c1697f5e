package wengert.gan.conform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import wengert.tensor.Tensor;
import wengert.tensor.io.FormatException;
import wengert.tensor.io.Json;
import wengert.tensor.io.SafeTensors;

/// A pair of files with reference vectors: `NAME.json` describes the cases, `NAME.safetensors` holds the
/// numbers under keys `ID:KIND:NAME`.
final class Vectors {
    private static final int JSON_BYTES = 1 << 24;

    private final String source;
    private final Map<?, ?> description;
    private final Map<String, Tensor> tensors;

    private Vectors(String source, Map<?, ?> description, Map<String, Tensor> tensors) {
        this.source = source;
        this.description = description;
        this.tensors = tensors;
    }

    static Vectors read(Path directory, String name) throws IOException {
        Path json = directory.resolve(name + ".json");
        if (!(Json.read(json, JSON_BYTES) instanceof Map<?, ?> map)) {
            throw new FormatException("vectors", "a JSON object", "something else", "in " + json,
                    "check the file");
        }
        return new Vectors(json.toString(), map,
                SafeTensors.readAll(directory.resolve(name + ".safetensors")));
    }

    /// The cases of one list of the description.
    List<Case> cases(String key) {
        if (!(description.get(key) instanceof List<?> list)) {
            throw new FormatException("vectors", "a list '" + key + "'", String.valueOf(description.get(key)),
                    "in " + source, "check the file");
        }
        List<Case> cases = new ArrayList<>();
        for (Object entry : list) {
            cases.add(Case.of(entry, source));
        }
        return cases;
    }

    /// The tensor of that key.
    Tensor get(String key) {
        Tensor t = tensors.get(key);
        if (t == null) {
            throw new FormatException("vectors", "a tensor '" + key + "'", "none", "beside " + source,
                    "both files must be of the same set");
        }
        return t;
    }

    /// The tensor of that key, or null.
    Tensor find(String key) {
        return tensors.get(key);
    }

    /// All tensors whose key starts with a prefix, by the rest of the key.
    Map<String, Tensor> under(String prefix) {
        var found = new java.util.TreeMap<String, Tensor>();
        tensors.forEach((key, t) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), t);
            }
        });
        return found;
    }
}
