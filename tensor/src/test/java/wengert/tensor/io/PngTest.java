package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

class PngTest {
    // Pictures on which image libraries convert colours in passing.
    private static final byte[] GRAY_8 = hex(
            "89504e470d0a1a0a0000000d49484452000000040000000208000000005ac322bf000000124944415478da6360",
            "6074a86768683cf11f000ade0389e2969e810000000049454e44ae426082");
    private static final byte[] GRAY_16 = hex(
            "89504e470d0a1a0a0000000d49484452000000040000000110000000008cc78c52000000114944415478da6360",
            "6060686860f8ff1f00078602ff351f433f0000000049454e44ae426082");
    private static final byte[] PALETTE = hex(
            "89504e470d0a1a0a0000000d49484452000000040000000102030000008452e75e00000009504c54450a141eff",
            "008000ff0043e45b990000000a4944415478da63900000001a001980008ebb0000000049454e44ae426082");
    private static final byte[] BITS = hex(
            "89504e470d0a1a0a0000000d4948445200000008000000010100000000cb7bd2ee0000000a4944415478da6348",
            "050000670066d472c5840000000049454e44ae426082");
    private static final byte[] GRAY_ALPHA = hex(
            "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d4944415478da6368",
            "fcdfc8000006080202b8c0003b0000000049454e44ae426082");

    @Test
    void graySamplesAreThoseOfTheFile() {
        Image image = Png.read(GRAY_8, "x.png");
        assertEquals("image [1,2,4] of 8 bits", image.toString());
        assertArrayEquals(new int[] {0, 1, 64, 127, 128, 129, 200, 255}, image.samples());
        assertArrayEquals(new double[] {-1, -0.992156862745, -0.498039215686, -0.00392156862745,
            0.00392156862745, 0.0117647058824, 0.56862745098, 1}, image.toTensor().toDoubleArray(), 1e-7);
        assertEquals(Shape.of(1, 2, 4), image.toTensor().shape());
    }

    @Test
    void all16BitsCount() {
        Image image = Png.read(GRAY_16, "x.png");
        assertArrayEquals(new int[] {0, 0x80, 0x8000, 0xffff}, image.samples());
        double[] x = image.toTensor().toDoubleArray();
        assertArrayEquals(new double[] {-1, -0.996093690394, 1.52590218967e-05, 1}, x, 1e-7);
        assertEquals(1.52590218967e-05, x[2], 1e-12);
    }

    @Test
    void palettesBecomeColours() {
        Image image = Png.read(PALETTE, "x.png");
        assertEquals(3, image.channels());
        assertArrayEquals(new int[] {10, 255, 0, 10, 20, 0, 255, 20, 30, 128, 0, 30}, image.samples());
    }

    @Test
    void fewBitsAreWidened() {
        assertArrayEquals(new int[] {0, 255, 255, 0, 0, 255, 0, 255}, Png.read(BITS, "x.png").samples());
        assertArrayEquals(new int[] {0, 85, 170, 255},
                Png.read(raw(4, 1, 2, 0, row(0b00011011)), "x").samples());
        assertArrayEquals(new int[] {17, 238}, Png.read(raw(2, 1, 4, 0, row(0x1e)), "x").samples());
    }

    @Test
    void transparencyIsComposedOnWhite() {
        assertArrayEquals(new int[] {129, 255}, Png.read(GRAY_ALPHA, "x.png").samples());
        // alpha 128 of 255 over white: (100 * 128 + 255 * 127) / 255 = 177.2
        assertArrayEquals(new int[] {177, 255, 127},
                Png.read(raw(1, 1, 8, PngHeader.RGB_ALPHA, row(100, 255, 0, 128)), "x").samples());
        assertArrayEquals(new int[] {0x1234, 0xffff}, Png.read(
                raw(2, 1, 16, PngHeader.GRAY_ALPHA, row(0x12, 0x34, 0xff, 0xff, 0x12, 0x34, 0, 0)),
                "x").samples());
        byte[] key = raw(3, 1, 8, PngHeader.GRAY, row(7, 8, 7), "tRNS", row(0, 7));
        assertArrayEquals(new int[] {255, 8, 255}, Png.read(key, "x").samples());
        byte[] colour = raw(2, 1, 8, PngHeader.RGB, row(1, 2, 3, 1, 2, 4), "tRNS", row(0, 1, 0, 2, 0, 3));
        assertArrayEquals(new int[] {255, 1, 255, 2, 255, 4}, Png.read(colour, "x").samples());
        byte[] palette = raw(2, 1, 8, PngHeader.PALETTE, row(0, 1), "PLTE", row(9, 9, 9, 8, 8, 8), "tRNS",
                row(0));
        assertArrayEquals(new int[] {255, 8, 255, 8, 255, 8}, Png.read(palette, "x").samples());
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,2", "0,4", "0,8", "0,16", "2,8", "2,16", "3,1", "3,2", "3,4", "3,8", "4,8", "4,16",
        "6,8", "6,16"})
    void everyKindIsReadWithEveryFilterInterlacedOrNot(int colour, int depth) {
        for (int[] size : new int[][] {{1, 1}, {3, 2}, {8, 8}, {13, 21}, {5, 1}, {1, 9}}) {
            int width = size[0];
            int height = size[1];
            var random = new Random(colour * 100 + depth);
            int stored = new PngHeader(width, height, depth, colour, false).stored();
            int[] pixels = random.ints((long) width * height * stored, 0, 1 << depth).toArray();
            boolean alpha = colour == PngHeader.GRAY_ALPHA || colour == PngHeader.RGB_ALPHA;
            byte[] palette = new byte[3 << depth & 0xfff];
            random.nextBytes(palette);
            int max = depth == 16 ? 65535 : 255;
            int channels = colour == PngHeader.GRAY || colour == PngHeader.GRAY_ALPHA ? 1 : 3;
            int[] want = new int[channels * width * height];
            for (int p = 0; p < width * height; p++) {
                for (int c = 0; c < channels; c++) {
                    int v = colour == PngHeader.PALETTE ? palette[3 * pixels[p] + c] & 0xff
                            : pixels[p * stored + c];
                    int a = alpha ? pixels[p * stored + stored - 1] : max;
                    int scaled = colour == PngHeader.GRAY && depth < 8 ? v * 255 / ((1 << depth) - 1) : v;
                    want[c * width * height
                            + p] = (int) Math.round(((double) scaled * a + (double) max * (max - a))
                            / max);
                }
            }
            for (boolean interlaced : new boolean[] {false, true}) {
                byte[] file = encode(new PngHeader(width, height, depth, colour, interlaced), pixels,
                        colour == PngHeader.PALETTE ? palette : null);
                Image image = Png.read(file, "x");
                assertEquals(max, image.maxValue());
                assertArrayEquals(want, image.samples(), () -> width + "x" + height + " " + interlaced);
            }
        }
    }

    @Test
    void whatIsWrittenReadsBackExactly(@TempDir Path dir) throws IOException {
        var random = new Random(3);
        Path file = dir.resolve("a.png");
        for (int max : new int[] {255, 65535}) {
            for (int channels : new int[] {1, 3}) {
                int[] samples = random.ints(channels * 7 * 5, 0, max + 1).toArray();
                Png.write(file, new Image(channels, 7, 5, max, samples), Map.of());
                Image back = Png.read(file);
                assertArrayEquals(samples, back.samples());
                assertEquals(new Image(channels, 7, 5, max, samples).toString(), back.toString());
            }
        }
    }

    @Test
    void all256ValuesSurviveTheWayThroughATensor() throws IOException {
        int[] samples = new int[256];
        Arrays.setAll(samples, i -> i);
        Tensor x = new Image(1, 16, 16, 255, samples).toTensor();
        assertArrayEquals(samples, Image.of(x).samples());
        assertArrayEquals(samples,
                Png.read(Png.encode(Image.of(x.reshape(16, 16)), Map.of()), "x").samples());
    }

    @Test
    void valuesAreRoundedToTheNearestByteAndClamped() {
        // 0 stands for 127.5, halfway between two bytes.
        Tensor x = Tensor.of(new double[] {-1, -1.5, 1, 7, 0, -0.5, 0.5, Double.NEGATIVE_INFINITY}, 2, 4);
        assertArrayEquals(new int[] {0, 0, 255, 255, 128, 64, 191, 0}, Image.of(x).samples());
    }

    @Test
    void aTensorThatIsNoPictureIsRefused() {
        Tensor nan = Tensor.of(new float[] {0, 0, 0, Float.NaN, 0, 0}, 1, 2, 3);
        String message = assertThrows(TensorException.class, () -> Image.of(nan)).getMessage();
        assertTrue(message.contains("NaN at channel 0, row 1, column 0 of f32 [1,2,3]"), message);
        assertThrows(ShapeException.class, () -> Image.of(Tensor.zeros(2, 4, 4)));
        assertThrows(ShapeException.class, () -> Image.of(Tensor.zeros(1, 3, 4, 4)));
        assertThrows(ShapeException.class, () -> Image.of(Tensor.zeros(4)));
        assertThrows(ShapeException.class, () -> Image.of(Tensor.zeros(1, 0, 4)));
        assertThrows(ShapeException.class, () -> Image.of(Tensor.of(new int[4], 2, 2)));
        assertThrows(ShapeException.class, () -> new Image(3, 2, 2, 255, new int[4]));
        assertThrows(IllegalArgumentException.class, () -> new Image(1, 2, 2, 1, new int[4]));
    }

    @Test
    void notesAreWrittenAsTextChunks() {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("Software", "Wengert \u00e9");
        notes.put("Comment", "step 5 \u2264 10");
        byte[] file = Png.encode(new Image(1, 1, 1, 255, new int[1]), notes);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("tEXtSoftware\0Wengert \u00e9"), text);
        assertTrue(text.contains("iTXtComment\0\0\0\0\0step 5 " + new String(
                "\u2264".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)), text);
        Png.read(file, "x");
        Image image = new Image(1, 1, 1, 255, new int[1]);
        for (String keyword : new String[] {"", " a", "a\n", "\u2264", "a".repeat(80)}) {
            assertThrows(IllegalArgumentException.class, () -> Png.encode(image, Map.of(keyword, "x")));
        }
        assertThrows(IllegalArgumentException.class, () -> Png.encode(image, Map.of("a", "\0")));
    }

    @Test
    void aGridIsFilledRowByRowOnBlack() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 1, 1, 2);
        Tensor grid = ImageGrid.of(x, 2, 1);
        assertEquals(Shape.of(1, 5, 7), grid.shape());
        assertArrayEquals(new float[] {
            -1, -1, -1, -1, -1, -1, -1,
            -1, 1, 2, -1, 3, 4, -1,
            -1, -1, -1, -1, -1, -1, -1,
            -1, 5, 6, -1, -1, -1, -1,
            -1, -1, -1, -1, -1, -1, -1}, grid.toFloatArray());
        assertEquals(Shape.of(1, 1, 6), ImageGrid.of(x, 9, 0).shape());
        assertEquals(Shape.of(3, 11, 21), ImageGrid.of(Tensor.zeros(5, 3, 4, 4), 4, 1).shape());
        assertThrows(ShapeException.class, () -> ImageGrid.of(Tensor.zeros(0, 1, 2, 2), 2, 1));
        assertThrows(ShapeException.class, () -> ImageGrid.of(Tensor.zeros(1, 2, 2), 2, 1));
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.of(x, 0, 1));
    }

    @Test
    void aCutFileSaysWhatIsMissing() {
        for (int n = 0; n < GRAY_8.length; n++) {
            int length = n;
            refused(() -> Png.read(Arrays.copyOf(GRAY_8, length), "x.png"), "png: expected", "x.png");
        }
        refused(() -> Png.read(Arrays.copyOf(GRAY_8, GRAY_8.length - 1), "x.png"), "a chunk behind IDAT",
                "is cut");
        refused(() -> Png.read(Arrays.copyOf(GRAY_8, 50), "x.png"), "18 bytes of chunk IDAT", "at byte 33",
                "is cut");
    }

    @Test
    void aWrongChecksumIsNoticed() {
        byte[] bad = GRAY_8.clone();
        bad[45] ^= 1;
        refused(() -> Png.read(bad, "x.png"), "the checksum", "of chunk IDAT", "at byte 59");
    }

    @Test
    void sizesAreBoundedBeforeMemoryIsTaken() {
        refused(() -> Png.read(raw(-1, 1, 8, 0, row(0)), "x"), "4294967295x1");
        refused(() -> Png.read(raw(0, 1, 8, 0, row(0)), "x"), "0x1 pixels");
        refused(() -> Png.read(raw(65537, 1, 8, 0, row(0)), "x"), "sides of 1 to 65536");
        refused(() -> Png.read(raw(65536, 65536, 8, 0, row(0)), "x"), "at most 67108864 samples");
        refused(() -> Png.read(raw(8000, 8000, 8, 0, row(0)), "x"), "64008000 bytes of pixels, came at most");
    }

    @Test
    void theDataUnpackToExactlyThePicture() throws IOException {
        byte[] bomb = new byte[1_000_000];
        refused(() -> Png.read(chunks(header(1, 1, 8, 0, 0), "IDAT", zlib(bomb)), "x"),
                "2 bytes of pixels, came more");
        refused(() -> Png.read(chunks(header(9, 1, 8, 0, 0), "IDAT", zlib(new byte[9])), "x"),
                "10 bytes of pixels, came 9 bytes");
        byte[] noSum = Arrays.copyOf(zlib(new byte[2]), zlib(new byte[2]).length - 4);
        refused(() -> Png.read(chunks(header(1, 1, 8, 0, 0), "IDAT", noSum), "x"),
                "a checksum of the pixels");
        refused(() -> Png.read(chunks(header(1, 1, 8, 0, 0), "IDAT", new byte[9]), "x"), "zlib");
        refused(() -> Png.read(chunks(header(1, 1, 8, 0, 0), "IDAT", zlib(row(5, 0))), "x"),
                "a filter from 0 to 4");
    }

    @Test
    void theDataMayBeSpreadOverChunks() {
        byte[] data = zlib(row(0, 7));
        byte[] split = chunks(header(1, 1, 8, 0, 0), "IDAT", Arrays.copyOf(data, 3), "IDAT", new byte[0],
                "IDAT",
                Arrays.copyOfRange(data, 3, data.length));
        assertArrayEquals(new int[] {7}, Png.read(split, "x").samples());
    }

    @Test
    void chunksStandInTheirOrder() {
        byte[] head = header(1, 1, 8, 0, 0);
        byte[] data = zlib(row(0, 7));
        refused(() -> Png.read(join(PngReader.SIGNATURE, chunk("IDAT", data)), "x"),
                "the chunk IHDR, came chunk IDAT");
        refused(() -> Png.read(chunks(head, "IHDR", head), "x"), "IHDR only once");
        refused(() -> Png.read(chunks(head), "x"), "a chunk IDAT, came IEND");
        refused(() -> Png.read(chunks(head, "IDAT", data, "tEXt", row('a', 0), "IDAT", data), "x"),
                "one behind the other");
        refused(() -> Png.read(chunks(head, "ABCD", row()), "x"), "the critical chunk ABCD");
        refused(() -> Png.read(chunks(head, "aB1D", row()), "x"), "four letters");
        refused(() -> Png.read(chunks(head, "tRNS", row(1)), "x"), "tRNS");
        refused(() -> Png.read(chunks(header(1, 1, 8, 6, 0), "tRNS", row(1)), "x"), "tRNS");
        refused(() -> Png.read(chunks(header(1, 1, 8, 3, 0), "tRNS", row(1)), "x"), "tRNS");
        refused(() -> Png.read(chunks(header(1, 1, 8, 3, 0), "PLTE", row(1, 2)), "x"), "PLTE");
        refused(() -> Png.read(chunks(header(1, 1, 8, 3, 0), "PLTE", new byte[771]), "x"), "PLTE");
        refused(() -> Png.read(chunks(header(1, 1, 8, 3, 0), "IDAT", data), "x"), "PLTE before IDAT");
        refused(() -> Png.read(chunks(header(1, 1, 8, 3, 0), "PLTE", new byte[6], "IDAT", data), "x"),
                "the 2 colours of the palette");
        // Chunks for others, and whatever stands behind the end, are passed over.
        assertArrayEquals(new int[] {7},
                Png.read(join(chunks(head, "abCd", row(1, 2), "IDAT", data), row(1, 2, 3)), "x").samples());
    }

    @Test
    void headersOutsideOfTheStandardAreRefused() {
        for (int[] kind
                : new int[][] {{2, 4}, {3, 16}, {1, 8}, {5, 8}, {7, 8}, {0, 3}, {4, 4}, {6, 2}, {0, 0}}) {
            refused(() -> Png.read(raw(1, 1, kind[1], kind[0], row(0)), "x"),
                    "depth " + kind[1] + " and type " + kind[0]);
        }
        refused(() -> Png.read(chunks(header(1, 1, 8, 0, 2)), "x"), "interlace 0 or 1");
        refused(() -> Png.read(chunks(new byte[12]), "x"), "13 bytes of IHDR");
        refused(() -> Png.read("GIF89a..".getBytes(StandardCharsets.US_ASCII), "x"), "the signature of PNG");
        refused(() -> Png.read(new byte[100], "x"), "the signature of PNG");
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        for (byte[] good : new byte[][] {GRAY_8, PALETTE, GRAY_ALPHA,
            encode(new PngHeader(9, 7, 16, PngHeader.RGB_ALPHA, true), new int[9 * 7 * 4], null)}) {
            Hostile.fuzz(good, bytes -> Png.read(bytes, "x"));
            // With checksums made right, so that damage gets past them.
            Hostile.fuzz(good, bytes -> Png.read(summed(bytes), "x"));
        }
    }

    private static byte[] row(int... bytes) {
        byte[] row = new byte[bytes.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) bytes[i];
        }
        return row;
    }

    /// A picture of one row without a filter.
    private static byte[] raw(int width, int height, int depth, int colour, byte[] row, Object... chunks) {
        Object[] all = Arrays.copyOf(chunks, chunks.length + 2);
        all[chunks.length] = "IDAT";
        all[chunks.length + 1] = zlib(join(new byte[1], row));
        return chunks(header(width, height, depth, colour, 0), all);
    }

    /// Writes any kind of picture, the filters in turn; written from the standard, not from the reader.
    private static byte[] encode(PngHeader header, int[] pixels, byte[] palette) {
        var data = new ByteArrayOutputStream();
        int[][] grids = header.interlaced()
                ? new int[][] {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
            {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} : new int[][] {{0, 0, 1, 1}};
        int filter = 0;
        for (int[] grid : grids) {
            byte[] above = null;
            for (int y = grid[1]; y < header.height(); y += grid[3]) {
                StringBuilder bits = new StringBuilder();
                for (int x = grid[0]; x < header.width(); x += grid[2]) {
                    for (int c = 0; c < header.stored(); c++) {
                        int v = pixels[(y * header.width() + x) * header.stored() + c];
                        bits.append(Integer.toBinaryString(1 << header.depth() | v).substring(1));
                    }
                }
                if (bits.isEmpty()) {
                    continue;
                }
                byte[] row = new byte[(bits.length() + 7) / 8];
                for (int i = 0; i < bits.length(); i++) {
                    row[i / 8] |= (byte) (bits.charAt(i) - '0' << 7 - i % 8);
                }
                above = above == null ? new byte[row.length] : above;
                int step = Math.max(1, header.stored() * header.depth() / 8);
                data.write(filter);
                for (int i = 0; i < row.length; i++) {
                    int a = i < step ? 0 : row[i - step] & 0xff;
                    int b = above[i] & 0xff;
                    int c = i < step ? 0 : above[i - step] & 0xff;
                    int p = a + b - c;
                    int nearest = Math.abs(p - a) <= Math.abs(p - b) && Math.abs(p - a) <= Math.abs(p - c) ? a
                            : Math.abs(p - b) <= Math.abs(p - c) ? b : c;
                    data.write(row[i] - new int[] {0, a, b, (a + b) / 2, nearest}[filter]);
                }
                above = row;
                filter = (filter + 1) % 5;
            }
        }
        byte[] head = header(header.width(), header.height(), header.depth(), header.colour(),
                header.interlaced() ? 1 : 0);
        byte[] packed = zlib(data.toByteArray());
        return palette == null ? chunks(head, "IDAT", packed) : chunks(head, "PLTE", palette, "IDAT", packed);
    }

    private static byte[] header(int width, int height, int depth, int colour, int interlace) {
        return ByteBuffer.allocate(13).putInt(width).putInt(height).put(row(depth, colour, 0, 0,
                interlace)).array();
    }

    private static byte[] chunks(byte[] header, Object... typesAndData) {
        byte[] file = join(PngReader.SIGNATURE, chunk("IHDR", header));
        for (int i = 0; i < typesAndData.length; i += 2) {
            file = join(file, chunk((String) typesAndData[i], (byte[]) typesAndData[i + 1]));
        }
        return join(file, chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(join(name, data));
        return join(ByteBuffer.allocate(4).putInt(data.length).array(), name, data,
                ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /// The same file with the checksum of every chunk that is whole made right.
    private static byte[] summed(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        for (int at = 8; at + 12 <= file.length; ) {
            long length = Integer.toUnsignedLong(bytes.getInt(at));
            if (length > file.length - at - 12) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, (int) length + 4);
            bytes.putInt(at + 8 + (int) length, (int) crc.getValue());
            at += 12 + (int) length;
        }
        return file;
    }

    private static byte[] zlib(byte[] data) {
        var out = new ByteArrayOutputStream();
        try (var zlib = new DeflaterOutputStream(out)) {
            zlib.write(data);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
