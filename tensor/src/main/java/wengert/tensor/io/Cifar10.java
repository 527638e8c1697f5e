package wengert.tensor.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import wengert.tensor.spi.Shape;

/// The binary files of CIFAR-10 (`data_batch_1.bin` … `test_batch.bin`): records of one label and 1024 red,
/// 1024 green, 1024 blue bytes, row by row.
///
/// Source of the format: A. Krizhevsky, Learning multiple layers of features from tiny images, 2009.
public final class Cifar10 {
    private static final int SIDE = 32;
    private static final int PIXELS = 3 * SIDE * SIDE;
    private static final int RECORD = 1 + PIXELS;
    private static final int CLASSES = 10;

    private Cifar10() {
    }

    /// Reads files one behind the other into one set.
    ///
    /// @throws FormatException if the length of one is no multiple of a record, or a label is above 9
    public static ByteImages read(Path... files) throws IOException {
        return read(List.of(files));
    }

    /// Reads files one behind the other into one set, see [#read(Path...)].
    public static ByteImages read(List<Path> files) throws IOException {
        long count = 0;
        for (Path file : files) {
            count += records(file, Files.size(file));
        }
        int length = Shape.of(Math.toIntExact(count), 3, SIDE, SIDE).length();
        byte[] pixels = new byte[length];
        int[] labels = new int[(int) count];
        int at = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            long records = records(file, bytes.length);
            for (int i = 0; i < records; i++, at++) {
                labels[at] = label(bytes, i * RECORD, file);
                System.arraycopy(bytes, i * RECORD + 1, pixels, at * PIXELS, PIXELS);
            }
        }
        return new ByteImages(at, 3, SIDE, SIDE, pixels, labels);
    }

    private static long records(Path file, long size) {
        if (size == 0 || size % RECORD != 0) {
            throw new Reading("cifar10", file.toString()).wrong(size - size % RECORD,
                    "records of " + RECORD + " bytes", size + " bytes, " + size % RECORD
                    + " behind the last record",
                    "the file is cut, packed, or of another data set");
        }
        return size / RECORD;
    }

    private static int label(byte[] bytes, int at, Path file) {
        int label = Byte.toUnsignedInt(bytes[at]);
        if (label >= CLASSES) {
            throw new Reading("cifar10", file.toString()).wrong(at, "a label from 0 to " + (CLASSES - 1),
                    label,
                    "the file is damaged or of another data set");
        }
        return label;
    }
}
