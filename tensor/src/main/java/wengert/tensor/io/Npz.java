package wengert.tensor.io;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import wengert.tensor.Tensor;

/// NumPy's archives of named arrays: a zip file with one npy file for each. Read through the archive's
/// directory, stored or deflated; written stored, as `numpy.savez` does.
///
/// ```java
/// Npz.write(path, Map.of("x", x, "layer/w", w));
/// try (var file = Npz.open(path)) {
///     Tensor x = file.read("x");
/// }
/// ```
///
/// Refused are: an archive without its directory, two arrays of one name, an entry that unpacks to more or
/// less than its npy header needs or than its packed size allows, and a wrong checksum.
public final class Npz implements AutoCloseable {
    private static final String SUFFIX = ".npy";

    private final ZipFile zip;
    private final Reading reading;
    private final Map<String, ZipEntry> entries;

    private Npz(ZipFile zip, Reading reading, Map<String, ZipEntry> entries) {
        this.zip = zip;
        this.reading = reading;
        this.entries = entries;
    }

    /// Opens an archive and checks its directory.
    ///
    /// @throws FormatException if it is no sound archive
    public static Npz open(Path file) throws IOException {
        Reading reading = new Reading("npz", file.toString());
        long size = Files.size(file);
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException e) {
            throw reading.wrong("the end of", "the directory of a zip archive",
                    size + " bytes: " + e.getMessage(), "the file is cut or no archive; copy it again");
        }
        try {
            return new Npz(zip, reading, entries(zip, size, reading));
        } catch (Throwable e) {
            zip.close();
            throw e;
        }
    }

    private static Map<String, ZipEntry> entries(ZipFile zip, long size, Reading reading) {
        Map<String, ZipEntry> entries = new LinkedHashMap<>();
        long packed = 0;
        for (ZipEntry entry : zip.stream().toList()) {
            packed += entry.getCompressedSize();
            if (!entry.getName().endsWith(SUFFIX)) {
                continue;
            }
            String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
            if (entries.put(name, entry) != null) {
                throw reading.wrong("the directory of", "every name once", "'" + name + "' twice",
                        "write the archive again");
            }
        }
        // Entries that share their bytes could unpack to far more than the file can hold.
        if (packed > size) {
            throw reading.wrong("the directory of", "packed sizes of at most " + size + " bytes together",
                    packed + " bytes", "the file is cut or damaged");
        }
        return entries;
    }

    /// Reads every array of an archive, in its order.
    public static Map<String, Tensor> readAll(Path file) throws IOException {
        try (Npz opened = open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : opened.names()) {
                tensors.put(name, opened.read(name));
            }
            return tensors;
        }
    }

    /// Names of the arrays, without `.npy`, in the order of the archive. Other entries are not listed.
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /// Reads one array into memory of the current scope, on the CPU.
    ///
    /// @throws NoSuchElementException if there is none of that name
    /// @throws FormatException        if the entry is no sound npy file, or its checksum is wrong
    public Tensor read(String name) throws IOException {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw new NoSuchElementException("npz: " + reading.source() + " has no array '" + name
                    + "'; it has " + entries.size() + ", such as " + names().stream().limit(5).toList());
        }
        var inside = new Reading("npz", entry.getName() + " in " + reading.source());
        long size = entry.getSize();
        long most = Packed.mostBytes(entry.getCompressedSize());
        if (size > most) {
            throw inside.wrong("the directory's entry",
                    "at most " + most + " bytes from " + entry.getCompressedSize() + " packed ones", size,
                    "the file is damaged");
        }
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
            Tensor x = Npy.read(in, size, inside);
            if (in.read() >= 0) {
                throw inside.wrong(size, "the end of the entry", "more bytes", "the file is damaged");
            }
            if (crc.getValue() != entry.getCrc()) {
                throw inside.wrong("the end of", "the checksum %08x".formatted(entry.getCrc()),
                        "%08x".formatted(crc.getValue()), "the file is damaged; copy it again");
            }
            return x;
        } catch (ZipException | EOFException e) {
            throw inside.wrong("the data of", size + " bytes in packed form", e.getMessage(),
                    "the file is cut or damaged; copy it again");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /// Writes an archive, replacing the file. The same tensors in the same order give the same bytes.
    ///
    /// @param tensors from any device, with any strides
    public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(out, tensors);
        }
    }

    /// Writes an archive to a stream, as [#write(Path, Map)] does to a file; goes with [AtomicFiles#write].
    public static void write(OutputStream out, Map<String, Tensor> tensors) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        for (var tensor : tensors.entrySet()) {
            Tensor x = tensor.getValue();
            ZipEntry entry = new ZipEntry(tensor.getKey() + SUFFIX);
            CRC32 crc = new CRC32();
            Npy.write(new CheckedOutputStream(OutputStream.nullOutputStream(), crc), x);
            entry.setCrc(crc.getValue());
            entry.setSize(Npy.head(x).length + x.shape().elements() * x.dtype().bytes());
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            Npy.write(zip, x);
            zip.closeEntry();
        }
        zip.finish();
    }
}
