package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.io.Hostile.hex;
import static wengert.tensor.io.Hostile.join;
import static wengert.tensor.io.Hostile.refused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
class NpyTest {
    // Headers as other programs spell them: Python 2's long integers, the four-byte length of version 2,
    // other keys first, no blanks, big-endian and column-major, no axes, bytes, an axis of size 0.
    private static final byte[] PYTHON_2 = hex(
            "934e554d5059010046007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046",
            "616c73652c20277368617065273a2028324c2c20334c292c207d20202020202020200a000000000000803f0000",
            "004000004040000080400000a040");
    private static final byte[] VERSION_2 = hex(
            "934e554d50590200740000007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a",
            "2046616c73652c20277368617065273a2028332c292c207d202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200a000000000000f8",
            "3f00000000000000c0000000000000d03f");
    private static final byte[] COLUMN_MAJOR = hex(
            "934e554d5059010033007b227368617065223a28322c33292c22666f727472616e5f6f72646572223a54727565",
            "2c226465736372223a223e6634227d0a3f800000408000004000000040a000004040000040c00000");
    private static final byte[] SCALAR = hex(
            "934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046",
            "616c73652c20277368617065273a2028292c207d20202020202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200af9ffffff");
    private static final byte[] BYTES = hex(
            "934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a2046",
            "616c73652c20277368617065273a2028312c2034292c207d202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200a007f80ff");
    private static final byte[] EMPTY = hex(
            "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046",
            "616c73652c20277368617065273a2028302c2033292c207d202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200a");
    private static final byte[] LONG_HEADER = hex(
            "934e554d50590100ffff7b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046",
            "616c73652c20277368617065273a2028322c292c207d2020202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200a");
    private static final byte[] OBJECTS = hex(
            "934e554d5059010076007b276465736372273a20277c4f272c2027666f727472616e5f6f72646572273a204661",
            "6c73652c20277368617065273a2028312c292c207d202020202020202020202020202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020200a80044e2e");

    @Test
    void everySpellingOfTheHeaderIsRead() throws IOException {
        read(PYTHON_2, DType.F32, Shape.of(2, 3), 0, 1, 2, 3, 4, 5);
        read(VERSION_2, DType.F64, Shape.of(3), 1.5, -2, 0.25);
        read(COLUMN_MAJOR, DType.F32, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        read(SCALAR, DType.I32, Shape.SCALAR, -7);
        read(BYTES, DType.I32, Shape.of(1, 4), 0, 127, 128, 255);
        read(EMPTY, DType.F32, Shape.of(0, 3));
    }

    private static void read(byte[] file, DType dtype, Shape shape, double... want) throws IOException {
        Tensor x = Npy.read(file, "x.npy");
        assertEquals(dtype, x.dtype());
        assertEquals(shape, x.shape());
        assertTrue(x.view().isContiguous());
        assertArrayEquals(want, x.toDoubleArray());
    }

    @Test
    void aHeaderLongerThanTheFileIsRefusedWithBothLengths() {
        refused(() -> Npy.read(LONG_HEADER, "x.npy"), "a header of 65535 bytes, came 118 bytes",
                "at byte 8 of x.npy");
    }

    @Test
    void objectsAreNeverUnpickled() {
        refused(() -> Npy.read(OBJECTS, "x.npy"), "came '|O'", "never unpickled", "at byte 10");
    }

    @Test
    void whatIsWrittenAreNumPysOwnBytes() throws IOException {
        assertArrayEquals(SCALAR, written(Tensor.of(new int[] {-7})));
        assertArrayEquals(EMPTY, written(Tensor.of(new float[0], 0, 3)));
        assertArrayEquals(
                file(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }" + " ".repeat(60) + "\n",
                1, 0),
                written(Tensor.of(new boolean[] {true, false}, 2)));
        assertArrayEquals(
                file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1), }" + " ".repeat(58) + "\n",
                        -2, -1, -1, -1, -1, -1, -1, -1),
                written(Tensor.of(new long[] {-2}, 1, 1)));
    }

    @Test
    void whatIsWrittenReadsBackBitForBit(@TempDir Path dir) throws IOException {
        int[] bits = {0x7fc12345, 0x7f800001, 0xffffffff, 0x80000000, 1, 0x7f7fffff};
        Tensor x = Tensor.of(new float[6], 2, 3);
        ByteBuffer buffer = ByteBuffer.allocate(24);
        buffer.asIntBuffer().put(bits);
        buffer.asFloatBuffer().get(x.view().storage().f32());
        Path file = dir.resolve("x.npy");
        Npy.write(file, x);
        float[] back = Npy.read(file).view().storage().f32();
        for (int i = 0; i < bits.length; i++) {
            assertEquals(bits[i], Float.floatToRawIntBits(back[i]));
        }
        double[] doubles = {Double.longBitsToDouble(0xfff8000000000abcL), -0.0, 5e-324};
        Npy.write(file, Tensor.of(doubles, 1, 3, 1));
        Tensor y = Npy.read(file);
        assertEquals(Shape.of(1, 3, 1), y.shape());
        for (int i = 0; i < 3; i++) {
            assertEquals(Double.doubleToRawLongBits(doubles[i]),
                    Double.doubleToRawLongBits(y.view().storage().f64()[i]));
        }
        Npy.write(file, x.transpose(0, 1));
        assertEquals(Shape.of(3, 2), Npy.read(file).shape());
        assertEquals(Files.size(file), Npy.head(x).length + 24);
    }

    @Test
    void columnMajorArraysKeepTheirBits() throws IOException {
        // A NaN with a payload in the second place of the file, which is the second row.
        byte[] file = file(1, "{'descr':'<f4','fortran_order':True,'shape':(2,2)}", 0, 0, 0, 0, 0x45, 0x23,
                0xc1, 0x7f,
                0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
        float[] values = Npy.read(file, "x").view().storage().f32();
        assertEquals(0x7fc12345, Float.floatToRawIntBits(values[2]));
        assertEquals(1, values[1]);
        assertEquals(2, values[3]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"<f8; 0,0,0,0,0,0,-8,63; 1.5", ">f8; 63,-8,0,0,0,0,0,0; 1.5",
        "<i8; -2,-1,-1,-1,-1,-1,-1,-1; -2", ">i8; -1,-1,-1,-1,-1,-1,-1,-2; -2", ">i4; 0,0,1,2; 258",
                "|b1; 1; 1",
        "|u1; -1; 255", "|i1; -1; -1", "<u1; -1; 255", "<u2; 0,-1; 65280", ">u2; -1,0; 65280",
        ">i2; -1,0; -256",
        "<u4; -1,-1,-1,-1; 4294967295", "<f2; 0,60; 1", ">f2; 60,0; 1"})
    void everyTypeAndByteOrderIsRead(String type, String bytes, double want) throws IOException {
        int[] data = List.of(bytes.split(",")).stream().mapToInt(Integer::parseInt).toArray();
        Tensor x = Npy.read(file(1, "{'descr':'" + type + "','fortran_order':False,'shape':()}", data), "x");
        assertEquals(want, x.item());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'descr': u'<f4', b'fortran_order': False, 'shape': [1],}\n",
        "\n{'shape'\t: ( 1L, ) , \"descr\" :\"<f4\" ,'fortran_order': True}\n\n",
                "{'descr':'<f4','fortran_order':False,"
                + "'shape':(1,),}"})
    void blanksQuotesAndCommasStandWherePythonAllowsThem(String header) throws IOException {
        for (int version = 1; version <= 3; version++) {
            Tensor x = Npy.read(file(version, header, 0, 0, 0x80, 0x3f), "x");
            assertEquals(Shape.of(1), x.shape());
            assertEquals(1, x.item());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {"{'descr':'<f4','fortran_order':False}; keys",
        "{'descr':'<f4','fortran_order':False,'shape':(1,),'x':1}; keys", "[]; keys", "{}; keys",
        "{'descr':'<f4','fortran_order':0,'shape':(1,)}; True or False",
        "{'descr':'<f4','fortran_order':False,'shape':(1)}; a list of natural numbers",
        "{'descr':'<f4','fortran_order':False,'shape':(-1,)}; a list of natural numbers",
        "{'descr':'<f4','fortran_order':False,'shape':(1,'a')}; a list of natural numbers",
        "{'descr':'<f4','fortran_order':False,'shape':(None,)}; a list of natural numbers",
        "{'descr':[('a','<f4')],'fortran_order':False,'shape':(1,)}; a plain type",
        "{'descr':'<f4','descr':'<f4','fortran_order':False,'shape':(1,)}; 'descr' again",
        "{'descr':'<f4','fortran_order':False,'shape':(1,)} x; the end of the header",
        "{'descr':'<f4','fortran_order':False,'shape':(1,); ','",
        "{'descr':'<f4' 'fortran_order':False}; ','",
        "{'descr':'<f4; a closing quote", "{'descr':'<f\\4'}; without escapes",
        "{'descr':Falsch}; a Python literal",
        "{1:2}; a text as key", "{'shape':(1 2)}; ',' or ')'", "{'shape':(--1,)}; a whole number",
        "{'shape':(99999999999999999999,)}; a whole number", "{'shape':__import__}; a Python literal",
        "((((((((((((((((((((((((1; nesting of at most 16"})
    void whatIsNoHeaderIsRefused(String header, String expected) {
        refused(() -> Npy.read(file(1, header, 0, 0, 0, 0), "x.npy"), "npy: expected", expected, "x.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<c8", "|S4", "<U3", "<M8[ns]", "|V4", "=f4", "f4", "|f4", "<f16", "<u8", "",
            "|O"})
    void otherTypesAreNamed(String type) {
        refused(() -> Npy.read(file(1, "{'descr':'" + type + "','fortran_order':False,'shape':(1,)}", 0, 0, 0,
                0),
                "x.npy"), "a type among b1", "came '" + type + "'");
    }

    @Test
    void theOffsetOfAnErrorInTheHeaderIsThatInTheFile() {
        refused(() -> Npy.read(file(1, "{'descr':?}"), "x.npy"), "'?}'", "at byte 19 of x.npy");
        refused(() -> Npy.read(file(3, "{'é':?}"), "x.npy"), "'?}'", "at byte 18 of x.npy");
    }

    @Test
    void theValuesMustFillTheFileExactly() {
        String header = "{'descr':'<f4','fortran_order':False,'shape':(2,)}";
        refused(() -> Npy.read(file(1, header, 1, 2, 3, 4, 5, 6, 7), "x"),
                "8 bytes for F32 [2], came 7 bytes",
                "is cut", "at byte 60");
        refused(() -> Npy.read(file(1, header, 1, 2, 3, 4, 5, 6, 7, 8, 9), "x"), "came 9 bytes", "one array");
        refused(() -> Npy.read(file(1, header), "x"), "came 0 bytes");
    }

    @Test
    void sizesThatClaimTooMuchAreRefusedBeforeMemoryIsTaken() {
        for (String shape
                : List.of("(1152921504606846976,)", "(4294967296,4294967296)", "(2147483647,2147483647,4)",
                "(2147483640,)")) {
            refused(() -> Npy.read(file(1, "{'descr':'<f4','fortran_order':False,'shape':" + shape + "}"),
                    "x"),
                    "elements in one tensor");
        }
        refused(() -> Npy.read(file(1, "{'descr':'<f4','fortran_order':False,'shape':(2000000000,)}"), "x"),
                "8000000000 bytes for F32 [2000000000], came 0 bytes");
        refused(() -> Npy.read(file(1, "{'descr':'<f4','fortran_order':False,'shape':(" + "1,".repeat(65)
                + ")}"), "x"),
                "at most 64 axes");
    }

    @Test
    void whatIsNoNpyFileIsRefused() {
        refused(() -> Npy.read(new byte[0], "x"), "came 0 bytes", "at byte 0");
        refused(() -> Npy.read(new byte[100], "x"), "NUMPY", "other bytes");
        byte[] version = SCALAR.clone();
        version[6] = 4;
        refused(() -> Npy.read(version, "x"), "came 4.0", "at byte 6");
        refused(() -> Npy.read(hex("934e554d5059010076"), "x"), "at byte 8");
        refused(() -> Npy.read(hex("934e554d505902000000"), "x"), "at byte 8");
        byte[] huge = VERSION_2.clone();
        huge[11] = (byte) 0xff;
        refused(() -> Npy.read(huge, "x"), "a header of 4278190196 bytes", "at byte 8");
    }

    @Test
    void aTruthValueIsZeroOrOne() {
        byte[] file = file(1, "{'descr':'|b1','fortran_order':False,'shape':(3,)}", 1, 0, 3);
        refused(() -> Npy.read(file, "x"), "0 or 1", "came 3", "at byte " + (file.length - 1));
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        for (byte[] good : List.of(PYTHON_2, VERSION_2, COLUMN_MAJOR)) {
            Hostile.fuzz(good, bytes -> Npy.read(bytes, "x"));
        }
    }

    private static byte[] written(Tensor x) throws IOException {
        var out = new ByteArrayOutputStream();
        Npy.write(out, x);
        return out.toByteArray();
    }

    private static byte[] file(int version, String header, int... data) {
        byte[] text = header.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0, (byte) text.length,
            (byte) (text.length >> 8), 0, 0};
        byte[] values = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            values[i] = (byte) data[i];
        }
        return join(Arrays.copyOf(start, version == 1 ? 10 : 12), text, values);
    }
}
