package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.io.Hostile.join;
import static wengert.tensor.io.Hostile.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
    @TempDir
    Path dir;

    @Test
    void planesFollowEachOther() throws IOException {
        byte[] record = record(6);
        Arrays.fill(record, 1, 1025, (byte) 0xff);
        Arrays.fill(record, 1025, 2049, (byte) 0x80);
        ByteImages images = Cifar10.read(put(record));
        assertEquals("1 images [3,32,32] with labels", images.toString());
        assertArrayEquals(new int[] {6}, images.labels());
        float[] x = images.batch(0).toFloatArray();
        assertEquals(1, x[0]);
        assertEquals(0.00392156862745, x[1024], 1e-8);
        assertEquals(0.00392156862745, x[2047], 1e-8);
        assertEquals(-1, x[2048]);
    }

    @Test
    void rowsFollowEachOtherInAPlane() throws IOException {
        byte[] record = record(3);
        for (int i = 0; i < 3072; i++) {
            record[1 + i] = (byte) (7 * i);
        }
        ByteImages images = Cifar10.read(put(record(0)), put(join(record(1), record)));
        assertArrayEquals(new int[] {0, 1, 3}, images.labels());
        Image image = images.image(2);
        assertEquals(7, image.sample(0, 0, 1));
        assertEquals(213, image.sample(1, 2, 3));
        assertEquals(249, image.sample(2, 31, 31));
    }

    @Test
    void theLengthMustBeWholeRecords() {
        refused(() -> Cifar10.read(put(new byte[6145])), "records of 3073 bytes, came 6145 bytes",
                "at byte 3073");
        refused(() -> Cifar10.read(put(new byte[0])), "came 0 bytes");
        // CIFAR-100 has two labels in a record.
        refused(() -> Cifar10.read(put(new byte[3074 * 10])), "records of 3073 bytes");
    }

    @Test
    void labelsAreDigits() {
        refused(() -> Cifar10.read(put(join(record(9), record(10)))), "a label from 0 to 9, came 10",
                "at byte 3073");
        // As many records of CIFAR-100 as fit the length of CIFAR-10; the labels tell.
        byte[] hundred = new byte[3074 * 3073];
        for (int i = 0; i < 3073; i++) {
            hundred[3074 * i] = (byte) (i % 20);
            hundred[3074 * i + 1] = (byte) (i % 100);
            Arrays.fill(hundred, 3074 * i + 2, 3074 * (i + 1), (byte) 200);
        }
        refused(() -> Cifar10.read(put(hundred)), "a label from 0 to 9");
    }

    private static byte[] record(int label) {
        byte[] record = new byte[3073];
        record[0] = (byte) label;
        return record;
    }

    private Path put(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(dir, "a", ".bin"), bytes);
    }
}
