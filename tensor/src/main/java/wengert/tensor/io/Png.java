package wengert.tensor.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import wengert.tensor.Tensor;

/// PNG pictures, exactly: the samples that come out are the numbers that are stored, without any conversion
/// of colour spaces, which image libraries do in passing.
///
/// Read is all of the standard: gray, RGB and palettes, with and without transparency, 1 to 16 bits,
/// interlaced or not. A palette becomes RGB. 1, 2 and 4 bits are put on the scale of 8 (exact), 16 bits keep
/// all of them. Transparency is composed on white: `(v · alpha + max · (max − alpha)) / max`, rounded; an
/// opaque sample is itself. Notes about gamma and colour profiles are not applied. Refused are pictures with
/// a side above 65536 or more than 2²⁶ samples, wrong checksums, and data that unpack to more or less than
/// the picture needs.
///
/// Source of the format: W3C, Portable Network Graphics, third edition.
public final class Png {
    private static final int MAX_FILE = 1 << 30;

    private Png() {
    }

    /// Reads a picture.
    ///
    /// @throws FormatException if it is no sound PNG file
    public static Image read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_FILE) {
            throw new Reading("png", file.toString()).wrong(0, "at most " + MAX_FILE + " bytes", size
                    + " bytes",
                    "this is no PNG file, or make the picture smaller");
        }
        return read(Files.readAllBytes(file), file.toString());
    }

    /// Reads a picture from the bytes of a file.
    ///
    /// @param source where they are from, for messages
    /// @throws FormatException if they are no sound PNG file
    public static Image read(byte[] bytes, String source) {
        return new PngReader(bytes, new Reading("png", source)).read();
    }

    /// Writes a picture of 8 bits, replacing the file: `round((x + 1) · 127.5)`, see [Image#of(Tensor)].
    ///
    /// @param x floats in [−1, 1], [C, H, W] with 1 or 3 channels, or [H, W]
    public static void write(Path file, Tensor x) throws IOException {
        write(file, Image.of(x), Map.of());
    }

    /// Writes a picture, replacing the file; its samples are stored as they are, in 8 or 16 bits.
    ///
    /// @param notes texts for whoever reads the file, by keyword (1 to 79 characters of Latin-1)
    public static void write(Path file, Image image, Map<String, String> notes) throws IOException {
        Files.write(file, encode(image, notes));
    }

    /// The bytes of the file that [#write(Path, Image, Map)] writes, for pages that carry their pictures
    /// inside.
    public static byte[] encode(Image image, Map<String, String> notes) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(PngReader.SIGNATURE);
        int depth = image.maxValue() == 255 ? 8 : 16;
        int colour = image.channels() == 1 ? PngHeader.GRAY : PngHeader.RGB;
        var header = new PngHeader(image.width(), image.height(), depth, colour, false);
        chunk(out, "IHDR",
                ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height()).put((byte) depth)
                .put((byte) colour).array());
        notes.forEach((keyword, text) -> note(out, keyword, text));
        chunk(out, "IDAT", pixels(image, header));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /// tEXt where Latin-1 is enough, otherwise iTXt.
    private static void note(ByteArrayOutputStream out, String keyword, String text) {
        Charset latin = StandardCharsets.ISO_8859_1;
        boolean printable = keyword.chars().allMatch(c -> c >= ' ' && c <= '~' || c > 0xa0 && c <= 0xff);
        if (keyword.isEmpty() || keyword.length() > 79 || !printable || !keyword.equals(keyword.strip())) {
            throw new IllegalArgumentException("png: the keyword of a note has 1 to 79 printable characters "
                    + "of Latin-1, without blanks around, got '" + keyword + "'");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("png: the note '" + keyword
                    + "' holds the character U+0000; remove it");
        }
        boolean plain = latin.newEncoder().canEncode(text);
        var data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(latin));
        // iTXt: not compressed, no language, no translated keyword.
        data.writeBytes(new byte[plain ? 1 : 5]);
        data.writeBytes(text.getBytes(plain ? latin : StandardCharsets.UTF_8));
        chunk(out, plain ? "tEXt" : "iTXt", data.toByteArray());
    }

    /// Rows of pixels, each with the filter that leaves the smallest numbers, compressed.
    private static byte[] pixels(Image image, PngHeader header) {
        var packed = new ByteArrayOutputStream();
        byte[] above = new byte[header.rowBytes(image.width())];
        byte[] row = new byte[above.length];
        byte[] filtered = new byte[above.length];
        try (var out = new DeflaterOutputStream(packed)) {
            for (int y = 0; y < image.height(); y++) {
                fill(row, image, y);
                int best = bestFilter(row, above, filtered, header.step());
                PngFilters.apply(best, row, above, filtered, header.step());
                out.write(best);
                out.write(filtered);
                byte[] done = above;
                above = row;
                row = done;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return packed.toByteArray();
    }

    private static void fill(byte[] row, Image image, int y) {
        int at = 0;
        for (int x = 0; x < image.width(); x++) {
            for (int c = 0; c < image.channels(); c++) {
                int sample = image.sample(c, y, x);
                if (image.maxValue() > 255) {
                    row[at++] = (byte) (sample >> 8);
                }
                row[at++] = (byte) sample;
            }
        }
    }

    private static int bestFilter(byte[] row, byte[] above, byte[] scratch, int step) {
        int best = 0;
        long least = Long.MAX_VALUE;
        for (int filter = 0; filter < PngFilters.COUNT; filter++) {
            PngFilters.apply(filter, row, above, scratch, step);
            long sum = 0;
            for (byte b : scratch) {
                sum += Math.abs(b);
            }
            if (sum < least) {
                least = sum;
                best = filter;
            }
        }
        return best;
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
