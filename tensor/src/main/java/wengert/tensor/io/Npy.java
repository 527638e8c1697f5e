package wengert.tensor.io;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

/// NumPy's files of one array. Read are versions 1 to 3, both byte orders, row-major and column-major; the
/// tensor is row-major in any case. Written is version 1, little-endian, row-major: the same bytes as
/// `numpy.save`.
///
/// | in the file | as a tensor |
/// |---|---|
/// | b1, i4, i8, f4, f8 | the same, bit for bit |
/// | u1, i1, u2, i2 | i32 |
/// | u4 | i64 |
/// | f2 | f32 |
///
/// Anything else is refused by name; Python objects are never unpickled. The file must be exactly as long as
/// its header says. Source of the format: NumPy enhancement proposal 1, numpy.lib.format.
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /// NumPy's headers have some hundred bytes; this leaves room for any array of numbers.
    private static final int MAX_HEADER = 1 << 16;

    private Npy() {
    }

    /// Reads a file into memory of the current scope, on the CPU.
    ///
    /// @throws FormatException if it is no sound npy file, or holds something that is no number
    public static Tensor read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(new ChannelStream(channel, 0), channel.size(), new Reading("npy", file.toString()));
        }
    }

    /// Reads an array from the bytes of a file.
    ///
    /// @param source where they are from, for messages
    public static Tensor read(byte[] bytes, String source) throws IOException {
        return read(new ByteArrayInputStream(bytes), bytes.length, new Reading("npy", source));
    }

    /// @param size how many bytes the stream has; the array must need exactly these
    static Tensor read(InputStream in, long size, Reading reading) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || Arrays.mismatch(start, MAGIC) != MAGIC.length) {
            throw reading.wrong(0, "\\x93NUMPY and a version",
                    start.length < 8 ? start.length + " bytes" : "other bytes", "this is no npy file");
        }
        int version = start[6];
        if (version < 1 || version > 3 || start[7] != 0) {
            throw reading.wrong(6, "version 1.0, 2.0 or 3.0",
                    Byte.toUnsignedInt(start[6]) + "." + Byte.toUnsignedInt(start[7]),
                    "save it with another version of the format");
        }
        int begin = version == 1 ? 10 : 12;
        byte[] field = in.readNBytes(begin - 8);
        long length = 0;
        for (int i = 0; i < field.length; i++) {
            length |= Byte.toUnsignedLong(field[i]) << 8 * i;
        }
        if (length > size - begin) {
            throw reading.wrong(8, "a header of " + length + " bytes", Math.max(0, size - begin) + " bytes",
                    "the file is cut; copy it again");
        }
        if (length > MAX_HEADER) {
            throw reading.wrong(8, "a header of at most " + MAX_HEADER + " bytes", length + " bytes",
                    "the file is damaged, or holds something other than numbers");
        }
        var header = NpyHeader.parse(in.readNBytes((int) length), version, begin, reading);
        long offset = begin + length;
        long bytes = header.shape().elements() * header.encoding().bytes;
        if (bytes != size - offset) {
            throw reading.wrong(offset, bytes + " bytes for " + header, size - offset + " bytes",
                    bytes > size - offset ? "the file is cut; copy it again"
                    : "write one array into one file");
        }
        if (!header.columnMajor()) {
            return Values.read(in, header.encoding(), header.order(), header.shape(), offset, reading);
        }
        int last = header.shape().rank() - 1;
        int[] backwards = IntStream.rangeClosed(0, last).map(a -> last - a).toArray();
        Shape stored = Shape.of(IntStream.of(backwards).map(header.shape()::size).toArray());
        return Values.read(in, header.encoding(), header.order(), stored, offset, reading)
                .permute(backwards).contiguous();
    }

    /// Writes a tensor from any device, with any strides, to a file, replacing it.
    public static void write(Path file, Tensor x) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(out, x);
        }
    }

    /// Writes a tensor to a stream, as [#write(Path, Tensor)] does to a file; goes with [AtomicFiles#write].
    public static void write(OutputStream out, Tensor x) throws IOException {
        out.write(head(x));
        Values.write(x, out);
    }

    /// Everything before the numbers, padded with blanks so that these begin at a multiple of 64.
    static byte[] head(Tensor x) {
        String type = switch (x.dtype()) {
            case BOOL -> "|b1";
            case I32 -> "<i4";
            case I64 -> "<i8";
            case F32 -> "<f4";
            case F64 -> "<f8";
        };
        String sizes = IntStream.of(x.shape().toArray()).mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes
                + (x.shape().rank() == 1 ? "," : "") + "), }";
        int length = (10 + header.length() + 1 + 63) / 64 * 64;
        if (length - 10 > 0xffff) {
            throw new IllegalArgumentException("npy: a header of " + header.length() + " bytes for "
                    + x.shape().rank() + " axes is too long for version 1; reshape the tensor");
        }
        ByteBuffer head = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        head.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
        head.put(header.getBytes(StandardCharsets.US_ASCII));
        while (head.remaining() > 1) {
            head.put((byte) ' ');
        }
        return head.put((byte) '\n').array();
    }
}
