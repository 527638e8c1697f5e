package wengert.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// The numbers of one tensor, row by row, between a file and memory, piece by piece.
final class Values {
    private static final int CHUNK = 1 << 17;
    private static final int MAX_RANK = 64;

    private Values() {
    }

    /// The shape that a header gives.
    ///
    /// @param value what a parser made of it; good is a list of natural numbers
    /// @param part  the part of the file, for messages
    /// @throws FormatException if it is no shape, or more axes or elements than one tensor can have
    static Shape shape(Object value, String part, Reading reading) {
        if (!(value instanceof List<?> list)
                || !list.stream().allMatch(size -> size instanceof Long n && n >= 0)) {
            throw reading.wrong(part, "a list of natural numbers for shape", value, "the file is damaged");
        }
        if (list.size() > MAX_RANK) {
            throw reading.wrong(part, "at most " + MAX_RANK + " axes", list.size(), "the file is damaged");
        }
        int[] sizes = new int[list.size()];
        long elements = list.contains(0L) ? 0 : 1;
        for (int a = 0; a < sizes.length; a++) {
            long size = (Long) list.get(a);
            // A size above 2^31 − 1 is as bad as that; two factors below 2^31 cannot wrap.
            elements *= elements == 0 ? 1 : Math.min(size, Integer.MAX_VALUE);
            if (size > Integer.MAX_VALUE || elements > Shape.MOST_ELEMENTS) {
                throw reading.wrong(part, "at most " + Shape.MOST_ELEMENTS + " elements in one tensor",
                        "shape " + list, "split the tensor, or the file is damaged");
            }
            sizes[a] = (int) size;
        }
        return Shape.of(sizes);
    }

    /// Fills a new tensor on the CPU. The caller has made sure that the source can hold so many bytes.
    ///
    /// @param offset where the numbers begin in the file
    /// @throws FormatException if the source ends early, or a truth value is neither 0 nor 1
    static Tensor read(InputStream in, Encoding encoding, ByteOrder order, Shape shape, long offset,
            Reading reading) throws IOException {
        Tensor y = Tensor.empty(encoding.dtype, Device.CPU, shape);
        Object array = y.view().storage().data();
        int length = shape.length();
        byte[] chunk = new byte[(int) Math.min(CHUNK, (long) length * encoding.bytes)];
        ByteBuffer buffer = ByteBuffer.wrap(chunk).order(order);
        for (int at = 0; at < length; ) {
            int n = Math.min(chunk.length / encoding.bytes, length - at);
            long here = offset + (long) at * encoding.bytes;
            int came = in.readNBytes(chunk, 0, n * encoding.bytes);
            if (came < n * encoding.bytes) {
                throw reading.wrong(here + came, (long) length * encoding.bytes + " bytes of values",
                        here - offset + came + " bytes", "the file is cut; copy it again");
            }
            int wrong = encoding.decode(buffer, array, at, n);
            if (wrong >= 0) {
                throw reading.wrong(here + wrong, "0 or 1 for a truth value",
                        Byte.toUnsignedInt(chunk[wrong]), "the file is damaged");
            }
            at += n;
        }
        return y;
    }

    /// Writes a tensor's numbers in row-major order, little-endian, bit for bit.
    static void write(Tensor x, OutputStream out) throws IOException {
        boolean direct = x.view().isContiguous()
                && (x.device().equals(Device.CPU) || x.device().equals(Device.REFERENCE));
        Tensor host = direct ? x : Scope.outside(() -> x.to(Device.CPU).contiguous());
        Object array = host.view().storage().data();
        int width = x.dtype().bytes();
        int length = x.shape().length();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, (long) length * width))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < length; ) {
            int n = Math.min(buffer.capacity() / width, length - at);
            encode(x.dtype(), array, host.view().offset() + at, n, buffer);
            out.write(buffer.array(), 0, n * width);
            at += n;
        }
    }

    private static void encode(DType dtype, Object array, int at, int n, ByteBuffer to) {
        switch (dtype) {
            case BOOL -> to.put(0, (byte[]) array, at, n);
            case I32 -> to.asIntBuffer().put((int[]) array, at, n);
            case I64 -> to.asLongBuffer().put((long[]) array, at, n);
            case F32 -> to.asFloatBuffer().put((float[]) array, at, n);
            case F64 -> to.asDoubleBuffer().put((double[]) array, at, n);
        }
    }
}
