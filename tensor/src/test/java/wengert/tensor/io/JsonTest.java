package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void everyKindOfValueIsReadInTheOrderOfTheText() {
        Object value = parse(" {\"b\": [1, -2.5, true, false, null, \"x\"],\r\n\t\"a\": {}, \"c\": []} ");
        var map = assertInstanceOf(LinkedHashMap.class, value);
        assertEquals(List.of("b", "a", "c"), new ArrayList<Object>(map.keySet()));
        assertEquals(Arrays.asList(1L, -2.5, true, false, null, "x"), map.get("b"));
        assertEquals(Map.of(), map.get("a"));
        assertEquals(List.of(), map.get("c"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void wholeNumbersThatFit64BitsAreLongs(long value) {
        assertEquals(value, parse(Long.toString(value)));
        assertEquals(0L, parse("-0"));
    }

    @ParameterizedTest
    @CsvSource({"1.0,1", "1e3,1000", "1E-4,1e-4", "-0.0,-0.0", "9223372036854775808,9223372036854775808",
        "1e-400,0", "1.7976931348623157e308,1.7976931348623157e308", "4.9E-324,4.9e-324"})
    void otherNumbersAreDoubles(String text, double value) {
        assertEquals(value, parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "-01", "+1", ".5", "1.", "1.e3", "1e", "1e+", "-", "0x10", "1_000", "NaN",
        "Infinity", "-Infinity", "1e400", "-1e400", "nan", "1 2", "١"})
    void whatIsNoJsonNumberIsRefused(String text) {
        refused(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":",
        "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:2}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "]", "}",
        "tru", "True", "nul", "true false", "[1]]", "{}x", "'a'", "/**/1", "\uFEFF1", "\u00A01", "\"a",
        "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\u0661234\"", "\"a\nb\"", "\"\t\"",
        "\"\u0000\""})
    void whatIsNoJsonIsRefused(String text) {
        refused(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud800\"", "\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"",
        "\"\\udc00\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\", "\"\\ud800"})
    void loneSurrogatesAreRefused(String text) {
        refused(text);
        refused(text.replace("\\ud800", "\ud800").replace("\\udc00", "\udc00"));
    }

    @Test
    void surrogatePairsAreReadRawEscapedAndMixed() {
        String escape = "\\" + "u";
        for (String high : List.of("\ud83d", escape + "d83d", escape + "D83D")) {
            for (String low : List.of("\ude00", escape + "de00")) {
                assertEquals("a\ud83d\ude00b", parse("\"a" + high + low + "b\""));
            }
        }
    }

    @Test
    void escapesAreRead() {
        assertEquals("\"\\/\b\f\n\r\té\u0000", parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u0000\""));
    }

    @Test
    void aKeyTwiceInOneObjectIsRefusedWithItsPlace() {
        String message = refused("{\"a\": 1,\n \"b\": {\"a\": 2},\n \"\\u0061\": 3}");
        assertTrue(message.contains("the key 'a' again"), message);
        assertTrue(message.contains("line 3"), message);
    }

    @Test
    void messagesNameTheOffsetTheLineAndTheFile() {
        assertEquals("json: expected ',' or ']', came '2' — at character 5 (line 2) of state.json — "
                + "the file is damaged or was edited by hand", refused("[1 \n 2]"));
    }

    @Test
    void nestingIsBoundedAndDeepTextsDoNotExhaustTheStack() {
        assertEquals("[".repeat(64) + "]".repeat(64), Json.write(parse("[".repeat(64) + "]".repeat(64))));
        String message = refused("[".repeat(65) + "]".repeat(65));
        assertTrue(message.contains("at most 64") && message.contains("character 64"), message);
        refused("[".repeat(10_000_000));
        refused("{\"a\":".repeat(1_000_000));
    }

    @Test
    void theLengthIsBoundedByTheCaller(@TempDir Path dir) throws Exception {
        assertEquals("abc", Json.parse("\"abc\"", 5, "x"));
        assertThrows(FormatException.class, () -> Json.parse("\"abc\" ", 5, "x"));
        byte[] six = "\"abc\" ".getBytes(StandardCharsets.UTF_8);
        assertThrows(FormatException.class, () -> Json.parse(six, 5, "x"));
        Path file = Files.writeString(dir.resolve("a.json"), "\"abc\"");
        assertEquals("abc", Json.read(file, 5));
        var refused = assertThrows(FormatException.class, () -> Json.read(file, 4));
        assertTrue(refused.getMessage().contains("at most 4, came 5 bytes"), refused.getMessage());
        assertTrue(refused.getMessage().contains("a.json"), refused.getMessage());
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirOffset() {
        byte[] latin1 = "{\"é\": 1}".getBytes(StandardCharsets.ISO_8859_1);
        var refused = assertThrows(FormatException.class, () -> Json.parse(latin1, 100, "x.json"));
        assertTrue(refused.getMessage().contains("0xe9 — at byte 2 of x.json"), refused.getMessage());
        byte[] cut = {'"', (byte) 0xc3};
        assertThrows(FormatException.class, () -> Json.parse(cut, 100, "x.json"));
        byte[] surrogate = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};
        assertThrows(FormatException.class, () -> Json.parse(surrogate, 100, "x.json"));
        byte[] good = "\"é\ud83d\ude00\"".getBytes(StandardCharsets.UTF_8);
        assertEquals("é\ud83d\ude00", Json.parse(good, 100, "x"));
    }

    @Test
    void writingIsCompactOrIndented() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", "a \"b\"\\\n\u0001é\ud83d\ude00");
        map.put("shape", List.of(64, 3L, (short) 4, (byte) 4));
        map.put("inner", Map.of("lr", 1.0e-4));
        map.put("entries", Arrays.asList(Map.of("x", 0.1f), null, true));
        map.put("empty", Map.of());
        map.put("none", List.of());
        assertEquals("{\"name\":\"a \\\"b\\\"\\\\\\n\\u0001é\ud83d\ude00\",\"shape\":[64,3,4,4],"
                + "\"inner\":{\"lr\":1.0E-4},\"entries\":[{\"x\":0.1},null,true],\"empty\":{},\"none\":[]}",
                Json.write(map));
        assertEquals("""
                {
                  "name": "a \\"b\\"\\\\\\n\\u0001é\ud83d\ude00",
                  "shape": [64, 3, 4, 4],
                  "inner": {
                    "lr": 1.0E-4
                  },
                  "entries": [
                    {
                      "x": 0.1
                    },
                    null,
                    true
                  ],
                  "empty": {},
                  "none": []
                }""", Json.writeIndented(map));
        assertEquals(Json.write(map), Json.write(parse(Json.writeIndented(map))));
    }

    @Test
    void everyFiniteDoubleReadsBackToTheSameBits() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            double d = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(d)) continue;
            double back = (double) parse(Json.write(d));
            assertEquals(Double.doubleToRawLongBits(d), Double.doubleToRawLongBits(back), () -> "" + d);
            float f = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(f)) assertEquals(f, ((Double) parse(Json.write(f))).floatValue());
        }
        assertEquals("-0.0", Json.write(-0.0));
    }

    @Test
    void randomValuesReadBackToThemselves() {
        for (long seed = 0; seed < 200; seed++) {
            Object value = randomValue(new Random(seed), 0);
            assertEquals(value, parse(Json.write(value)), "seed " + seed);
            assertEquals(value, parse(Json.writeIndented(value)), "seed " + seed);
        }
    }

    @Test
    void damagedTextsAreReadOrRefusedButNeverFailOtherwise() {
        var random = new Random(3);
        String noise = "{}[]\",:\\ue-+.0\ud800 \n";
        String good = Json.writeIndented(randomValue(new Random(5), -2));
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(good);
            for (int edits = 0; edits < 3; edits++) {
                text.setCharAt(random.nextInt(text.length()), noise.charAt(random.nextInt(noise.length())));
            }
            text.setLength(random.nextInt(text.length()));
            try {
                parse(text.toString());
            } catch (FormatException refused) {
                assertTrue(refused.getMessage().startsWith("json: expected "));
            }
        }
    }

    @Test
    void theWriterNamesThePathOfWhatHasNoJsonForm() {
        var losses = Map.of("losses", List.of(Map.of("gen", Double.NaN)));
        var refused = assertThrows(IllegalArgumentException.class, () -> Json.write(losses));
        assertEquals("json: NaN is no JSON number — at losses[0].gen — "
                + "replace the value (null, or a text) before writing", refused.getMessage());
        for (Object bad : List.of(Double.POSITIVE_INFINITY, Float.NaN, 'c', "a\ud800", "\udc00", new int[1],
                Map.of(1, 2))) {
            assertThrows(IllegalArgumentException.class, () -> Json.write(bad), () -> "" + bad);
        }
        var endless = new ArrayList<Object>();
        endless.add(endless);
        assertThrows(IllegalArgumentException.class, () -> Json.write(endless));
    }

    private static Object randomValue(Random random, int depth) {
        int size = random.nextInt(5);
        return switch (random.nextInt(depth > 3 ? 5 : depth < 0 ? 1 : 7)) {
            case 1 -> random.nextLong();
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
            case 3 -> random.nextBoolean();
            case 4 -> new String(random.ints(size, 0x20, 0xD800).toArray(), 0, size);
            case 5 -> {
                var list = new ArrayList<Object>();
                for (int i = 0; i < size; i++) list.add(randomValue(random, depth + 1));
                yield list;
            }
            default -> {
                if (depth > 3) yield null;
                var map = new LinkedHashMap<String, Object>();
                for (int i = 0; i < size + 3; i++) map.put("k" + i, randomValue(random, depth + 1));
                yield map;
            }
        };
    }

    private static Object parse(String text) {
        return Json.parse(text, Integer.MAX_VALUE, "state.json");
    }

    private static String refused(String text) {
        return assertThrows(FormatException.class, () -> parse(text), text).getMessage();
    }
}
