package wengert.tensor.io;

import java.io.BufferedOutputStream;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Spec;

/// Named tensors in one file, in the safetensors format: eight bytes with the length of a JSON header, the
/// header, and the numbers, little-endian.
///
/// ```java
/// SafeTensors.write(path, Map.of("conv.weight", w), Map.of("format", "pt"));
/// try (var file = SafeTensors.open(path)) {
///     Tensor w = file.read("conv.weight");        // touches only these bytes of the file
/// }
/// ```
///
/// Opening reads and checks the header alone. Refused are: a header longer than 100 MB or than the file, text
/// that is no strict JSON in UTF-8, a name twice, sizes whose product overflows or does not fit the bytes
/// given, and tensors that overlap, leave a hole or reach beyond the file. No memory is taken for a tensor
/// before all of this is known.
///
/// | in the file | as a tensor |
/// |---|---|
/// | BOOL, I32, I64, F32, F64 | the same, bit for bit |
/// | U8, I8, U16, I16 | i32 |
/// | U32 | i64 |
/// | F16, BF16 | f32 |
///
/// Anything else is refused by name. Source of the format: the safetensors project's README.
public final class SafeTensors implements AutoCloseable {
    /// The format's own bound on its header.
    private static final int MAX_HEADER = 100_000_000;

    private final FileChannel channel;
    private final Reading reading;
    private final SafeTensorsHeader header;
    private final long dataOffset;

    private SafeTensors(FileChannel channel, Reading reading, SafeTensorsHeader header, long dataOffset) {
        this.channel = channel;
        this.reading = reading;
        this.header = header;
        this.dataOffset = dataOffset;
    }

    /// Opens a file and checks its header.
    ///
    /// @throws FormatException if it is no sound safetensors file
    public static SafeTensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return opened(channel, new Reading("safetensors", file.toString()));
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static SafeTensors opened(FileChannel channel, Reading reading) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw reading.wrong(0, "8 bytes with the header's length", size + " bytes",
                    "the file is cut or not a safetensors file");
        }
        InputStream in = new ChannelStream(channel, 0);
        long length = ByteBuffer.wrap(in.readNBytes(8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(MAX_HEADER, size - 8);
        if (length < 0 || length > most) {
            throw reading.wrong(0, "a header of at most " + most + " bytes",
                    Long.toUnsignedString(length) + " bytes", "the file is cut or not a safetensors file");
        }
        byte[] json = in.readNBytes((int) length);
        var header = SafeTensorsHeader.parse(json, size - 8 - length, reading);
        return new SafeTensors(channel, reading, header, 8 + length);
    }

    /// Reads every tensor of a file, in its order.
    public static Map<String, Tensor> readAll(Path file) throws IOException {
        try (SafeTensors opened = open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : opened.names()) {
                tensors.put(name, opened.read(name));
            }
            return tensors;
        }
    }

    /// The names of the tensors, in the order of the header.
    public List<String> names() {
        return List.copyOf(header.entries().keySet());
    }

    /// What the writer noted, in the order of the header.
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /// Shape and dtype of a tensor, without reading it.
    ///
    /// @throws NoSuchElementException if there is none of that name
    public Spec spec(String name) {
        return entry(name);
    }

    /// Reads one tensor into memory of the current scope, on the CPU. Threads may read at once.
    ///
    /// @throws NoSuchElementException if there is none of that name
    /// @throws FormatException        if the file has been cut since it was opened, or a truth value is
    ///                                neither 0 nor 1
    public Tensor read(String name) throws IOException {
        var entry = entry(name);
        long offset = dataOffset + entry.begin();
        return Values.read(new ChannelStream(channel, offset), entry.encoding(), ByteOrder.LITTLE_ENDIAN,
                entry.shape(), offset, reading);
    }

    private SafeTensorsHeader.Entry entry(String name) {
        var entry = header.entries().get(name);
        if (entry == null) {
            throw new NoSuchElementException("safetensors: " + reading.source() + " has no tensor '" + name
                    + "'; it has " + header.entries().size() + ", such as "
                    + names().stream().limit(5).toList());
        }
        return entry;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// Writes tensors to a file, replacing it. The same tensors and notes in the same order give the same
    /// bytes.
    ///
    /// The header keeps the order of `tensors`. The numbers of wider kinds come first in the file, so that
    /// each tensor begins at a multiple of its element's width, which readers that map the file rely on.
    ///
    /// @param tensors  from any device, with any strides
    /// @param metadata notes for whoever reads the file
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        byte[] head = head(tensors, metadata);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(out, head, tensors);
        }
    }

    /// Writes tensors to a stream, as [#write(Path, Map, Map)] does to a file; goes with [AtomicFiles#write].
    public static void write(OutputStream out, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        write(out, head(tensors, metadata), tensors);
    }

    private static void write(OutputStream out, byte[] head, Map<String, Tensor> tensors) throws IOException {
        out.write(head);
        for (String name : widestFirst(tensors)) {
            Values.write(tensors.get(name), out);
        }
    }

    /// The length and the header, padded with blanks to a multiple of eight.
    private static byte[] head(Map<String, Tensor> tensors, Map<String, String> metadata) {
        if (tensors.containsKey(SafeTensorsHeader.METADATA)) {
            throw new IllegalArgumentException("safetensors: a tensor cannot be called "
                    + SafeTensorsHeader.METADATA + ", the format keeps that name for its notes; rename it");
        }
        Map<String, Long> begins = new LinkedHashMap<>();
        long begin = 0;
        for (String name : widestFirst(tensors)) {
            begins.put(name, begin);
            begin += bytes(tensors.get(name));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        if (!metadata.isEmpty()) {
            root.put(SafeTensorsHeader.METADATA, metadata);
        }
        tensors.forEach((name, x) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", Encoding.of(x.dtype()).name());
            entry.put("shape", Arrays.stream(x.shape().toArray()).boxed().toList());
            entry.put("data_offsets", List.of(begins.get(name), begins.get(name) + bytes(x)));
            root.put(name, entry);
        });
        byte[] json = Json.write(root).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        if (padded > MAX_HEADER) {
            throw new IllegalArgumentException("safetensors: the header of these " + tensors.size()
                    + " tensors and " + metadata.size() + " notes has " + padded
                    + " bytes, the format allows " + MAX_HEADER + "; write several files");
        }
        ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        head.putLong(padded).put(json);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        return head.array();
    }

    private static long bytes(Tensor x) {
        return x.shape().elements() * x.dtype().bytes();
    }

    private static List<String> widestFirst(Map<String, Tensor> tensors) {
        List<String> names = new ArrayList<>();
        for (int width : new int[] {8, 4, 1}) {
            tensors.forEach((name, x) -> {
                if (x.dtype().bytes() == width) {
                    names.add(name);
                }
            });
        }
        return names;
    }
}
