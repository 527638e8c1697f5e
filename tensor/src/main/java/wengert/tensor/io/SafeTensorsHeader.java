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
    private static final String FORMAT = "safetensors";
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
    static SafeTensorsHeader parse(byte[] json, long dataLength, String source) {
        String place = "the header (from byte 8) of " + source;
        if (json.length == 0 || json[0] != '{') {
            throw wrong("'{'", json.length == 0 ? "an empty header" : "the byte 0x%02x".formatted(json[0]),
                    FormatException.atByte(8, source));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Entry> entries = new LinkedHashMap<>();
        map(Json.parse(json, json.length, place), place).forEach((name, value) -> {
            if (name.equals(METADATA)) {
                metadata.putAll(texts(map(value, METADATA + " in " + place), place));
            } else {
                String where = "tensor '" + shown(name) + "' in " + place;
                entries.put(name, entry(map(value, where), dataLength, where));
            }
        });
        requireTiling(entries, dataLength, "in " + place);
        return new SafeTensorsHeader(metadata, entries);
    }

    private static Map<String, String> texts(Map<String, Object> notes, String place) {
        Map<String, String> texts = new LinkedHashMap<>();
        notes.forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw wrong("texts in " + METADATA, shown(value) + " under '" + shown(key) + "'",
                        "in " + place);
            }
            texts.put(key, text);
        });
        return texts;
    }

    private static Entry entry(Map<String, Object> fields, long dataLength, String where) {
        if (!fields.keySet().equals(FIELDS)) {
            throw wrong("the fields dtype, shape and data_offsets", shown(fields.keySet()), where);
        }
        Encoding encoding = fields.get("dtype") instanceof String name ? Encoding.named(name) : null;
        if (encoding == null) {
            throw new FormatException(FORMAT, "a dtype among " + Arrays.toString(Encoding.values()),
                    shown(fields.get("dtype")), where, "convert that tensor before loading it here");
        }
        Shape shape = Values.shape(naturals(fields.get("shape"), "shape", where), FORMAT, where);
        List<Long> offsets = naturals(fields.get("data_offsets"), "data_offsets", where);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1) || offsets.get(1) > dataLength) {
            throw wrong("data_offsets [begin, end] with begin ≤ end ≤ " + dataLength
                    + ", the bytes of data there are", shown(offsets), where);
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        long bytes = shape.elements() * encoding.bytes;
        if (end - begin != bytes) {
            throw wrong(bytes + " bytes for " + encoding + " " + shape,
                    end - begin + " bytes from data_offsets [" + begin + ", " + end + "]", where);
        }
        return new Entry(encoding, shape, begin, end);
    }

    private static List<Long> naturals(Object value, String field, String where) {
        List<Long> numbers = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Long n && n >= 0) {
                    numbers.add(n);
                }
            }
            if (numbers.size() == list.size()) {
                return numbers;
            }
        }
        throw wrong("a list of natural numbers for " + field, shown(value), where);
    }

    /// Every byte behind the header belongs to exactly one tensor: nothing hides between them, nothing is
    /// shared.
    private static void requireTiling(Map<String, Entry> entries, long dataLength, String where) {
        var ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long reached = 0;
        for (var next : ordered) {
            long begin = next.getValue().begin();
            if (begin != reached) {
                throw wrong("tensor '" + shown(next.getKey()) + "' to begin at data byte " + reached
                                + ", where the one before it ends",
                        (begin < reached ? "an overlap" : "a hole") + ": it begins at " + begin, where);
            }
            reached = next.getValue().end();
        }
        if (reached != dataLength) {
            throw wrong("tensors that cover all " + dataLength + " bytes of data",
                    "tensors up to byte " + reached, where);
        }
    }

    private static Map<String, Object> map(Object value, String where) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("a JSON object", shown(value), where);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        map.forEach((key, item) -> named.put((String) key, item));
        return named;
    }

    private static String shown(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }

    private static FormatException wrong(String expected, String came, String where) {
        return new FormatException(FORMAT, expected, came, where,
                "the file is damaged; copy or write it again");
    }
}
