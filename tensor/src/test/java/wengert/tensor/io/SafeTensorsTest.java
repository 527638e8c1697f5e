package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.io.Hostile.refused;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

class SafeTensorsTest {
    @TempDir
    Path dir;

    @Test
    void whatIsWrittenReadsBackBitForBit() throws IOException {
        Map<String, Tensor> tensors = samples();
        Path file = dir.resolve("a.safetensors");
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("z", "\"é\ud83d\ude00\"\n");
        notes.put("a", "");
        SafeTensors.write(file, tensors, notes);
        try (var opened = SafeTensors.open(file)) {
            assertEquals(new ArrayList<>(tensors.keySet()), opened.names());
            assertEquals(notes, opened.metadata());
            assertEquals(List.of("z", "a"), new ArrayList<>(opened.metadata().keySet()));
            for (String name : opened.names()) {
                Tensor want = tensors.get(name);
                assertEquals(want.dtype(), opened.spec(name).dtype());
                assertEquals(want.shape(), opened.spec(name).shape());
                Tensor got = opened.read(name);
                assertTrue(want.sameBits(got), name);
            }
        }
        // The same bits: what was read writes the same file, NaN payloads included.
        Path again = dir.resolve("b.safetensors");
        SafeTensors.write(again, SafeTensors.readAll(file), notes);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
        float[] nans = SafeTensors.readAll(file).get("nan").view().storage().f32();
        assertEquals(0x7fc12345, Float.floatToRawIntBits(nans[0]));
        assertEquals(0x7f800001, Float.floatToRawIntBits(nans[1]));
        assertEquals(0xffffffff, Float.floatToRawIntBits(nans[2]));
        assertFalse(Tensor.of(nans, 3).sameBits(Tensor.of(new float[] {Float.NaN, nans[1], nans[2]}, 3)));
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new boolean[] {true, false, true}, 3));
        tensors.put("x", Tensor.of(new float[] {1, -2}, 1, 2));
        Path file = dir.resolve("a.safetensors");
        SafeTensors.write(file, tensors, Map.of());
        String header = "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[8,11]},"
                + "\"x\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
        // Wider elements come first, so that every tensor is aligned; the header keeps the caller's order.
        byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 1, 0, 1};
        assertArrayEquals(file(header + " ".repeat((8 - header.length() % 8) % 8), data),
                Files.readAllBytes(file));
    }

    @Test
    void viewsAreWrittenInTheirOwnOrder() throws IOException {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Path file = dir.resolve("a.safetensors");
        Tensor row = Tensor.over(x.view().slice(0, 1, 1, 1));
        SafeTensors.write(file, Map.of("t", x.transpose(0, 1), "row", row, "twice", row.expand(2, 3)),
                Map.of());
        Map<String, Tensor> read = SafeTensors.readAll(file);
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, read.get("t").toFloatArray());
        assertEquals(Shape.of(3, 2), read.get("t").shape());
        assertArrayEquals(new float[] {4, 5, 6}, read.get("row").toFloatArray());
        assertArrayEquals(new float[] {4, 5, 6, 4, 5, 6}, read.get("twice").toFloatArray());
    }

    @Test
    void tensorsLongerThanOnePieceAreWholeAndStandWhereTheyShould() throws IOException {
        int n = 200_003;
        double[] values = new double[n];
        Arrays.setAll(values, i -> i * 0.5);
        long[] longs = new long[n];
        Arrays.setAll(longs, i -> -i);
        Path file = dir.resolve("a.safetensors");
        SafeTensors.write(file, Map.of("d", Tensor.of(values, n), "l", Tensor.of(longs, 1, n)), Map.of());
        try (var opened = SafeTensors.open(file)) {
            assertArrayEquals(longs, opened.read("l").toLongArray());
            assertArrayEquals(values, opened.read("d").toDoubleArray());
        }
    }

    @Test
    void otherKindsAreWidenedExactly() throws IOException {
        read("U8", 4, new byte[] {0, 127, (byte) 128, -1}, DType.I32, 0, 127, 128, 255);
        read("I8", 2, new byte[] {-128, 127}, DType.I32, -128, 127);
        read("U16", 2, new byte[] {-1, -1, 1, 0}, DType.I32, 65535, 1);
        read("I16", 2, new byte[] {-1, -1, 0, 1}, DType.I32, -1, 256);
        read("U32", 1, new byte[] {-1, -1, -1, -1}, DType.I64, 4294967295.0);
        read("F16", 3, new byte[] {0, 0x3c, 1, 0, 0, (byte) 0xfc}, DType.F32, 1, 0x1p-24,
                Double.NEGATIVE_INFINITY);
        read("BF16", 2, new byte[] {(byte) 0x80, 0x3f, 0x49, (byte) 0xc0}, DType.F32, 1, -3.140625);
    }

    private void read(String kind, int n, byte[] data, DType dtype, double... want) throws IOException {
        Tensor x = SafeTensors.readAll(put(file("{\"x\":" + entry(kind, "[" + n + "]", 0, data.length) + "}",
                data)))
                .get("x");
        assertEquals(dtype, x.dtype());
        assertArrayEquals(want, x.toDoubleArray(), kind);
    }

    @Test
    void anEmptyFileOfTheFormatHasNoTensors() throws IOException {
        try (var opened = SafeTensors.open(put(file("{}", new byte[0])))) {
            assertTrue(opened.names().isEmpty() && opened.metadata().isEmpty());
        }
        try (var opened = SafeTensors.open(put(file("{ \"__metadata__\" :{}}   ", new byte[0])))) {
            assertTrue(opened.names().isEmpty());
        }
    }

    @Test
    void anUnknownNameIsRefusedWithTheFile() throws IOException {
        try (var opened = SafeTensors.open(put(file("{}", new byte[0])))) {
            String message = assertThrows(NoSuchElementException.class, () -> opened.read("w")).getMessage();
            assertTrue(message.contains("'w'") && message.contains("a.safetensors"), message);
        }
    }

    @Test
    void theHeadersLengthIsBoundedByTheFileAndByTheFormat() throws IOException {
        refused(() -> open(new byte[7]), "8 bytes", "came 7 bytes", "at byte 0");
        refused(() -> open(length(3, "{}".getBytes())), "at most 2 bytes, came 3 bytes", "at byte 0");
        refused(() -> open(length(1L << 60, new byte[100])), "came 1152921504606846976 bytes");
        refused(() -> open(length(-1, new byte[100])), "came 18446744073709551615 bytes");
        // A real file of that length, without its bytes on the disk.
        Path sparse = put(length(100_000_001, new byte[0]));
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(200_000_000);
        }
        refused(() -> SafeTensors.open(sparse), "at most 100000000 bytes", "came 100000001 bytes");
    }

    @Test
    void theHeaderIsStrictJson() {
        refused(() -> header("[]"), "'{'", "at byte 8");
        refused(() -> header(""), "an empty header");
        refused(() -> header(" {}"), "'{'", "the byte 0x20");
        refused(() -> header("{\"a\":1"), "json", "from byte 8");
        refused(() -> header("{\"a\":1}"), "a JSON object", "tensor 'a'");
        refused(() -> header("{\"a\":" + entry("F32", "[0]", 0, 0) + ",\"a\":" + entry("F32", "[0]", 0, 0)
                + "}"), "'a' again");
        refused(() -> header("{\"__metadata__\":[]}"), "a JSON object");
        refused(() -> header("{\"__metadata__\":{\"k\":1}}"), "a text for 'k'", "__metadata__");
        byte[] latin1 = "{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1);
        refused(() -> open(length(latin1.length, latin1)), "UTF-8", "0xe9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"dtype\":\"F32\",\"shape\":[1]}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":0}",
        "{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[true],\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":{}}",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}"})
    void anEntryThatIsNotOneIsRefusedWithItsTensor(String entry) {
        refused(() -> open(file("{\"conv.weight\":" + entry + "}", new byte[4])), "tensor 'conv.weight'");
    }

    @Test
    void aKindThatTensorsCannotHoldIsNamed() {
        for (String kind : List.of("\"F8_E4M3\"", "\"U64\"", "\"f32\"", "1", "null")) {
            refused(() -> open(file("{\"w\":{\"dtype\":" + kind + ",\"shape\":[1],\"data_offsets\":[0,4]}}",
                    new byte[4])), "a dtype among [BOOL", kind.replace("\"", ""), "tensor 'w'");
        }
    }

    @Test
    void tensorsMustTileTheData() {
        String a = "\"a\":" + entry("F32", "[2]", 0, 8);
        refused(() -> data("{" + a + ",\"b\":" + entry("F32", "[2]", 4, 12) + "}", 12), "an overlap",
                "tensor 'b'", "data byte 8");
        refused(() -> data("{" + a + ",\"b\":" + entry("F32", "[2]", 0, 8) + "}", 8), "an overlap");
        refused(() -> data("{" + a + ",\"b\":" + entry("F32", "[1]", 12, 16) + "}", 16), "a hole",
                "tensor 'b'");
        refused(() -> data("{\"b\":" + entry("F32", "[1]", 4, 8) + "}", 8), "a hole");
        refused(() -> data("{" + a + "}", 9), "all 9 bytes", "up to byte 8");
        refused(() -> data("{" + a + "}", 7), "end ≤ 7");
        refused(() -> data("{\"a\":" + entry("F32", "[3]", 0, 8) + "}", 8), "12 bytes for F32 [3]",
                "8 bytes");
        refused(() -> data("{\"a\":" + entry("F32", "[]", 0, 0) + "}", 0), "4 bytes for F32 []", "0 bytes");
    }

    @Test
    void emptyTensorsMayStandBetweenOthers() throws IOException {
        Path file = put(file("{\"e\":" + entry("F64", "[0,3]", 4, 4) + ",\"a\":" + entry("F32", "[1]", 0, 4)
                + ",\"f\":" + entry("I64", "[2,0]", 0, 0) + ",\"b\":" + entry("F32", "[1]", 4, 8) + "}",
                new byte[8]));
        assertEquals(Shape.of(0, 3), SafeTensors.readAll(file).get("e").shape());
    }

    @Test
    void sizesThatClaimTooMuchAreRefusedBeforeMemoryIsTaken() {
        for (String shape : List.of("[1152921504606846976]", "[4294967296,4294967296]", "[2147483640]",
                "[2147483647,2147483647,4]", "[65536,65536,65536,65536]", "[9223372036854775807]")) {
            refused(() -> data("{\"w\":" + entry("F32", shape, 0, 0) + "}", 0), "elements in one tensor",
                    "tensor 'w'");
        }
        refused(() -> data("{\"w\":" + entry("F32", "[99999999999999999999]", 0, 0) + "}", 0),
                "natural numbers");
        refused(() -> data("{\"w\":" + entry("F32", "[1" + ",1".repeat(64) + "]", 0, 4) + "}", 4),
                "at most 64 axes");
        refused(() -> data("{\"w\":" + entry("F32", "[500000000]", 0, 2000000000) + "}", 8), "end ≤ 8");
    }

    @Test
    void aTruthValueIsZeroOrOne() throws IOException {
        byte[] bytes = file("{\"m\":" + entry("BOOL", "[3]", 0, 3) + "}", new byte[] {1, 0, 2});
        try (var opened = SafeTensors.open(put(bytes))) {
            refused(() -> opened.read("m"), "0 or 1", "came 2", "at byte " + (bytes.length - 1));
        }
    }

    @Test
    void aFileCutWhileItIsOpenIsNoticed() throws IOException {
        Path file = put(file("{\"x\":" + entry("F32", "[4]", 0, 16) + "}", new byte[16]));
        try (var opened = SafeTensors.open(file); var cut = new RandomAccessFile(file.toFile(),
                "rw")) {
            cut.setLength(cut.length() - 5);
            refused(() -> opened.read("x"), "16 bytes of values, came 11 bytes", "is cut");
        }
    }

    @Test
    void theReservedNameIsNotWrittenAndTheFileIsLeftAlone() throws IOException {
        Path file = Files.writeString(dir.resolve("old"), "old");
        assertThrows(IllegalArgumentException.class,
                () -> SafeTensors.write(file, Map.of("__metadata__", Tensor.scalar(1)), Map.of()));
        assertThrows(IllegalArgumentException.class,
                () -> SafeTensors.write(file, Map.of("\ud800", Tensor.scalar(1)), Map.of()));
        assertEquals("old", Files.readString(file));
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        Path file = dir.resolve("good");
        SafeTensors.write(file, samples(), Map.of("format", "pt"));
        Hostile.fuzz(Files.readAllBytes(file), bytes -> SafeTensors.readAll(put(bytes)));
        Hostile.fuzz(file("{\"a\":" + entry("F32", "[2]", 0, 8) + "}", new byte[8]),
                bytes -> SafeTensors.readAll(put(bytes)));
    }

    @Test
    void nothingIsLeftOpenByARefusedFile() throws IOException {
        Path file = put(new byte[3]);
        refused(() -> SafeTensors.open(file));
        Files.delete(file);
        assertFalse(Files.exists(file));
    }

    /// Every dtype, rank 0, axes of size 0, NaNs with payloads.
    private static Map<String, Tensor> samples() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("bool", Tensor.of(new boolean[] {true, false, true}, 3, 1));
        tensors.put("scalar", Tensor.of(new float[] {-0.0f}));
        tensors.put("empty", Tensor.of(new double[0], 2, 0, 3));
        tensors.put("i32", Tensor.of(new int[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}, 2, 2));
        tensors.put("i64", Tensor.of(new long[] {Long.MIN_VALUE, Long.MAX_VALUE}, 2));
        Tensor nan = Tensor.of(new float[3], 3);
        int[] bits = {0x7fc12345, 0x7f800001, 0xffffffff};
        ByteBuffer buffer = ByteBuffer.allocate(12);
        buffer.asIntBuffer().put(bits);
        buffer.asFloatBuffer().get(nan.view().storage().f32());
        tensors.put("nan", nan);
        tensors.put("f64", Tensor.of(new double[] {Double.longBitsToDouble(0x7ff8000000000abcL), 1e-310,
            Double.NEGATIVE_INFINITY}, 3));
        tensors.put("", Tensor.of(new boolean[] {true}));
        tensors.put("é \"quoted\"", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        return tensors;
    }

    private static String entry(String dtype, String shape, long begin, long end) {
        return "{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end
                + "]}";
    }

    private static byte[] file(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return length(json.length, Hostile.join(json, data));
    }

    private static byte[] length(long length, byte[] rest) {
        return ByteBuffer.allocate(8
                + rest.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(rest).array();
    }

    private void header(String header) throws IOException {
        data(header, 0);
    }

    private void data(String header, int length) throws IOException {
        open(file(header, new byte[length]));
    }

    private void open(byte[] bytes) throws IOException {
        SafeTensors.open(put(bytes)).close();
    }

    private Path put(byte[] bytes) throws IOException {
        return Files.write(dir.resolve("a.safetensors"), bytes);
    }
}
