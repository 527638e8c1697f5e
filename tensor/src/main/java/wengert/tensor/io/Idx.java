package wengert.tensor.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The files of MNIST and of data sets that copy it: big-endian sizes, then unsigned bytes. Compressed with
/// gzip or not is seen from the content, whatever the file is called. The length must be exactly that of the
/// sizes.
///
/// Source of the format: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits.
public final class Idx {
    private static final int UNSIGNED_BYTES = 0x08;

    private Idx() {
    }

    /// Reads gray images, a file [N, H, W], without labels.
    ///
    /// @throws FormatException if it is not one, or not as long as its sizes say
    public static ByteImages images(Path file) throws IOException {
        return images(read(file, 3));
    }

    /// Reads gray images and their classes.
    ///
    /// @param labels a file of as many labels
    /// @throws FormatException if either is not what it should be, or the counts differ
    public static ByteImages images(Path file, Path labels) throws IOException {
        return labelled(images(file), file.toString(), labels(labels), labels.toString());
    }

    /// Reads gray images and their classes from the bytes of two files, such as resources of a program.
    ///
    /// @param file       the file of images, compressed or not
    /// @param fileName   what to call it in messages
    /// @param labels     the file of as many labels
    /// @param labelsName what to call it
    /// @throws FormatException if either is not what it should be, or the counts differ
    public static ByteImages images(byte[] file, String fileName, byte[] labels, String labelsName)
            throws IOException {
        Data images = read(new ByteArrayInputStream(file), file.length, 3, fileName);
        Data classes = read(new ByteArrayInputStream(labels), labels.length, 1, labelsName);
        return labelled(images(images), fileName, labels(classes), labelsName);
    }

    private static ByteImages images(Data data) {
        return new ByteImages(data.sizes[0], 1, data.sizes[1], data.sizes[2], data.bytes, new int[0]);
    }

    private static ByteImages labelled(ByteImages images, String file, int[] classes, String labels) {
        if (classes.length != images.count()) {
            throw new FormatException("idx", images.count() + " labels, one for each image of " + file,
                    classes.length + " labels", "in " + labels, "take the two files that belong together");
        }
        return new ByteImages(images.count(), 1, images.height(), images.width(), images.pixels(), classes);
    }

    /// Reads labels, a file with the one size N.
    ///
    /// @throws FormatException if it is not one, or not as long as its size says
    public static int[] labels(Path file) throws IOException {
        return labels(read(file, 1));
    }

    private static int[] labels(Data data) {
        int[] labels = new int[data.bytes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = Byte.toUnsignedInt(data.bytes[i]);
        }
        return labels;
    }

    private record Data(int[] sizes, byte[] bytes) {
    }

    private static Data read(Path file, int rank) throws IOException {
        long size = Files.size(file);
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
            return read(raw, size, rank, file.toString());
        }
    }

    /// @param raw  a stream with marks
    /// @param size its bytes
    private static Data read(InputStream raw, long size, int rank, String source) throws IOException {
        Reading reading = new Reading("idx", source);
        try {
            raw.mark(2);
            boolean packed = raw.read() == 0x1f & raw.read() == 0x8b;
            raw.reset();
            return packed
                    ? read(new GZIPInputStream(raw, 1 << 16), rank, Packed.mostBytes(size), false, reading)
                    : read(raw, rank, size, true, reading);
        } catch (ZipException | EOFException e) {
            throw reading.wrong("the gzip data of", "a whole stream", e.getMessage(),
                    "the file is cut or damaged; copy it again");
        }
    }

    /// @param most  bytes that the stream can have
    /// @param exact true if it has exactly these
    private static Data read(InputStream in, int rank, long most, boolean exact, Reading reading)
            throws IOException {
        int begin = 4 + 4 * rank;
        byte[] head = in.readNBytes(begin);
        if (head.length < begin || head[0] != 0 || head[1] != 0) {
            throw reading.wrong(0, "two zero bytes, a type, a rank and " + rank + " sizes",
                    head.length < begin ? head.length + " bytes" : "other bytes", "this is no idx file");
        }
        if (head[2] != UNSIGNED_BYTES || head[3] != rank) {
            throw reading.wrong(2, "type 0x08 (unsigned bytes) and rank " + rank,
                    "type 0x%02x and rank %d".formatted(head[2], head[3]),
                    rank == 3 ? "this is no file of images" : "this is no file of labels");
        }
        ByteBuffer fields = ByteBuffer.wrap(head, 4, 4 * rank);
        int[] sizes = new int[rank];
        BigInteger claimed = BigInteger.ONE;
        StringBuilder product = new StringBuilder();
        boolean negative = false;
        for (int a = 0; a < rank; a++) {
            sizes[a] = fields.getInt();
            negative |= sizes[a] < 0;
            claimed = claimed.multiply(BigInteger.valueOf(Integer.toUnsignedLong(sizes[a])));
            product.append(a == 0 ? "" : "x").append(Integer.toUnsignedString(sizes[a]));
        }
        String wanted = claimed.add(BigInteger.valueOf(begin)) + " bytes for " + product;
        // Beyond what the file can hold, or beyond one array.
        long room = Math.min(most - begin, Integer.MAX_VALUE - 8);
        if (negative || claimed.compareTo(BigInteger.valueOf(room)) > 0) {
            throw reading.wrong(4, wanted, (exact ? "" : "at most ") + most + " bytes",
                    "the file is cut, damaged, or its sizes are not big-endian");
        }
        int length = claimed.intValueExact();
        byte[] bytes = in.readNBytes(length);
        boolean more = bytes.length == length && in.read() >= 0;
        if (bytes.length < length || more) {
            String came = exact ? most + " bytes" : more ? "more" : begin + bytes.length + " bytes";
            throw reading.wrong(begin + (long) bytes.length, wanted, came, "the file is cut or damaged");
        }
        return new Data(sizes, bytes);
    }
}
