package wengert.gan.nets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.io.Json;

/// A network as data: what it takes, and its layers in order. Travels in the metadata of a saved network, so
/// a file can be sampled from without the program that trained it.
///
/// A layer is a map such as `{"type": "conv2d", "in": 1, "out": 64, "kernel": 4, "stride": 2, "padding": 1,
/// "bias": true}`; [LayerTypes] lists the types.
///
/// @param inputs    for a generator `noise_size` and, if conditional, `classes`; for a discriminator
///                  `channels`, `image_size` and, if conditional, `classes`
/// @param body      layers from noise to images, or from images to features
/// @param head      from features to logits; null for a generator
/// @param embedding `num` and `dim` of the class embedding; null if unconditional
public record Architecture(
        Map<String, Object> inputs, List<Map<String, Object>> body, Map<String, Object> head,
        Map<String, Object> embedding) {
    /// Copies the lists.
    public Architecture {
        inputs = Map.copyOf(inputs);
        body = List.copyOf(body);
    }

    /// A whole number among the inputs, or 0 if it is not there.
    public int input(String name) {
        return inputs.get(name) instanceof Number n ? n.intValue() : 0;
    }

    /// Reads what [#toJson] wrote.
    ///
    /// @param source where the text comes from, for messages
    public static Architecture fromJson(String text, String source) {
        return fromMap(LayerTypes.map("architecture", Json.parse(text, 1 << 20, source)));
    }

    /// Reads a description, ignoring keys it does not know.
    ///
    /// @param description a map with `body` and optionally `inputs`, `head`, `embedding`
    public static Architecture fromMap(Map<String, Object> description) {
        Object layers = description.get("body");
        if (!(layers instanceof List<?> list)) {
            throw new IllegalArgumentException("architecture: expected a list 'body', got " + layers);
        }
        List<Map<String, Object>> body = new ArrayList<>();
        for (Object layer : list) {
            body.add(LayerTypes.map("body", layer));
        }
        return new Architecture(optional(description, "inputs", Map.of()), body,
                optional(description, "head", null), optional(description, "embedding", null));
    }

    private static Map<String, Object> optional(
            Map<String, Object> from, String key, Map<String, Object> otherwise) {
        return from.get(key) == null ? otherwise : LayerTypes.map(key, from.get(key));
    }

    /// One line of JSON.
    public String toJson() {
        var map = new LinkedHashMap<String, Object>();
        map.put("inputs", new java.util.TreeMap<>(inputs));
        map.put("body", body);
        if (head != null) {
            map.put("head", head);
        }
        if (embedding != null) {
            map.put("embedding", embedding);
        }
        return Json.write(map);
    }
}
