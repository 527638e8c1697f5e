package wengert.tensor.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Spec;

/// The checked directory of a safetensors file: what it says of every tensor is true of the bytes that are
/// there.
///
/// @param metadata what the writer noted, in the order of the file
/// @param entries  the tensors, in the order of the file
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
    static final String METADATA = "__metadata__";
    private static final String DAMAGED = "the file is damaged; copy or write it again";
    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

    /// One tensor.
    ///
    /// @param begin first byte, counted from the end of the header
    /// @param end   byte behind the last
    record Entry(Encoding encoding, Shape shape, long begin, long end) implements Spec {
        @Override
        public DType dtype() {
            return encoding.dtype;
        }

        @Override
        public String toString() {
            return dtype() + " " + shape;
        }
    }

    /// @param json       the header's text
    /// @param dataLength how many bytes follow the header
    static SafeTensorsHeader parse(byte[] json, long dataLength, Reading file) {
        if (json.length == 0 || json[0] != '{') {
            throw file.wrong(8, "'{'",
                    json.length == 0 ? "an empty header" : "the byte 0x%02x".formatted(json[0]), DAMAGED);
        }
        var header = new Reading(file.format(), "the header (from byte 8) of " + file.source());
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        map(Json.parse(json, json.length, header.source()), "the whole of", header).forEach((name, value) -> {
            if (name.equals(METADATA)) {
                metadata.putAll(texts(map(value, METADATA + " in", header), header));
            } else {
                String part = "tensor '" + Reading.shown(name) + "' in";
                entries.put(name, entry(map(value, part, header), dataLength, part, header));
            }
        });
        requireTiling(entries, dataLength, header);
        return new SafeTensorsHeader(metadata, entries);
    }

    private static Map<String, String> texts(Map<String, Object> notes, Reading header) {
        Map<String, String> texts = new LinkedHashMap<>();
        notes.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw header.wrong(METADATA + " in", "a text for '" + Reading.shown(key) + "'", value,
                        DAMAGED);
            }
            texts.put(key, text);
        });
        return texts;
    }

    private static Entry entry(Map<String, Object> fields, long dataLength, String part, Reading header) {
        if (!fields.keySet().equals(FIELDS)) {
            throw header.wrong(part, "the fields dtype, shape and data_offsets", fields.keySet(), DAMAGED);
        }
        Encoding encoding = fields.get("dtype") instanceof String name ? Encoding.named(name) : null;
        if (encoding == null) {
            throw header.wrong(part, "a dtype among " + Arrays.toString(Encoding.values()),
                    fields.get("dtype"), "convert that tensor before loading it here");
        }
        Shape shape = Values.shape(fields.get("shape"), part, header);
        if (!(fields.get("data_offsets") instanceof List<?> offsets) || offsets.size() != 2
                || !(offsets.get(0) instanceof Long begin) || !(offsets.get(1) instanceof Long end)
                || begin < 0 || end < begin || end > dataLength) {
            throw header.wrong(part, "data_offsets [begin, end] with begin ≤ end ≤ " + dataLength
                    + ", the bytes of data there are", fields.get("data_offsets"), DAMAGED);
        }
        long bytes = shape.elements() * encoding.bytes;
        if (end - begin != bytes) {
            throw header.wrong(part, bytes + " bytes for " + encoding + " " + shape,
                    end - begin + " bytes from data_offsets " + offsets, DAMAGED);
        }
        return new Entry(encoding, shape, begin, end);
    }

    /// Every byte behind the header belongs to exactly one tensor: nothing hides between them, nothing is
    /// shared.
    private static void requireTiling(Map<String, Entry> entries, long dataLength, Reading header) {
        var ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long reached = 0;
        for (var next : ordered) {
            long begin = next.getValue().begin();
            if (begin != reached) {
                throw header.wrong("tensor '" + Reading.shown(next.getKey()) + "' in",
                        "its begin at data byte " + reached + ", where the one before it ends",
                        (begin < reached ? "an overlap" : "a hole") + ": it begins at " + begin, DAMAGED);
            }
            reached = next.getValue().end();
        }
        if (reached != dataLength) {
            throw header.wrong("the entries of", "tensors that cover all " + dataLength + " bytes of data",
                    "tensors up to byte " + reached, DAMAGED);
        }
    }

    private static Map<String, Object> map(Object value, String part, Reading header) {
        if (!(value instanceof Map<?, ?> map)) {
            throw header.wrong(part, "a JSON object", value, DAMAGED);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, item) -> named.put((String) key, item));
        return named;
    }
}
