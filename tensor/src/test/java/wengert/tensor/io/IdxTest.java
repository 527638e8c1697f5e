package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.io.Hostile.gzip;
import static wengert.tensor.io.Hostile.hex;
import static wengert.tensor.io.Hostile.join;
import static wengert.tensor.io.Hostile.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

class IdxTest {
    // Two images of 2x3.
    private static final byte[] IMAGES = hex("00000803 00000002 00000002 00000003 00017f80feff 102030405060");
    private static final byte[] LABELS = hex("00000801 00000002 0900");

    @TempDir
    Path dir;

    @Test
    void bytesAreUnsignedWhetherPackedOrNotWhateverTheName() throws Exception {
        for (byte[] file : new byte[][] {IMAGES, gzip(IMAGES)}) {
            for (String name : new String[] {"a.gz", "a.idx3-ubyte"}) {
                ByteImages images = Idx.images(Files.write(dir.resolve(name), file));
                assertEquals("2 images [1,2,3]", images.toString());
                assertArrayEquals(new int[] {0, 1, 127, 128, 254, 255}, images.image(0).samples());
                assertArrayEquals(new int[] {16, 32, 48, 64, 80, 96}, images.image(1).samples());
                Tensor first = images.batch(0);
                assertEquals(Shape.of(1, 1, 2, 3), first.shape());
                assertArrayEquals(new double[] {-1, -0.992156862745, -0.00392156862745, 0.00392156862745,
                    0.992156862745, 1}, first.toDoubleArray(), 1e-7);
            }
        }
    }

    @Test
    void labelsBelongToImages() throws Exception {
        ByteImages images = Idx.images(put(IMAGES), put(gzip(LABELS)));
        assertArrayEquals(new int[] {9, 0}, images.labels());
        assertArrayEquals(new long[] {0, 9}, images.labels(1, 0).toLongArray());
        byte[] three = hex("00000803 00000003 00000001 00000001 010203");
        refused(() -> Idx.images(put(three), put(LABELS)), "3 labels", "came 2 labels");
    }

    @Test
    void theLengthMustBeThatOfTheSizes() {
        refused(() -> Idx.images(put(Arrays.copyOf(IMAGES, 27))), "28 bytes for 2x2x3, came 27 bytes");
        refused(() -> Idx.images(put(Arrays.copyOf(IMAGES, 29))), "28 bytes for 2x2x3, came 29 bytes");
        refused(() -> Idx.images(put(gzip(Arrays.copyOf(IMAGES, 27)))), "28 bytes for 2x2x3, came 27 bytes");
        refused(() -> Idx.images(put(gzip(Arrays.copyOf(IMAGES, 29)))), "28 bytes for 2x2x3, came more");
        refused(() -> Idx.labels(put(Arrays.copyOf(LABELS, 9))), "10 bytes for 2, came 9 bytes");
    }

    @Test
    void sizesInTheWrongOrderOfBytesAreRefusedBeforeMemoryIsTaken() throws Exception {
        byte[] little = IMAGES.clone();
        System.arraycopy(hex("02000000 02000000 03000000"), 0, little, 4, 12);
        refused(() -> Idx.images(put(little)), "33554432x33554432x50331648", "came 28 bytes", "big-endian",
                "at byte 4");
        refused(() -> Idx.images(put(gzip(little))), "33554432x33554432x50331648", "came at most");
        byte[] negative = IMAGES.clone();
        System.arraycopy(hex("00000000 ffffffff ffffffff"), 0, negative, 4, 12);
        refused(() -> Idx.images(put(Arrays.copyOf(negative, 16))), "0x4294967295x4294967295");
    }

    @Test
    void packedBytesCannotClaimMoreThanTheyCanHold() throws Exception {
        byte[] claim = IMAGES.clone();
        System.arraycopy(hex("00000400 00000400 00000400"), 0, claim, 4, 12);
        refused(() -> Idx.images(put(gzip(claim))), "1073741840 bytes for 1024x1024x1024");
    }

    @Test
    void otherFilesAreNamed() {
        refused(() -> Idx.images(put(new byte[0])), "came 0 bytes");
        refused(() -> Idx.images(put(LABELS)), "came 10 bytes");
        refused(() -> Idx.images(put(join(LABELS, new byte[20]))), "type 0x08 and rank 1",
                "no file of images");
        refused(() -> Idx.labels(put(IMAGES)), "rank 3", "no file of labels");
        refused(() -> Idx.images(put(hex("00000d03 00000001 00000001 00000001 00000000"))), "type 0x0d");
        refused(() -> Idx.images(put("<html>404 not found</html>".getBytes())), "no idx file");
    }

    @Test
    void aCutOrDamagedGzipStreamIsNamed() throws Exception {
        byte[] packed = gzip(IMAGES);
        for (int n = 2; n < packed.length; n++) {
            int length = n;
            refused(() -> Idx.images(put(Arrays.copyOf(packed, length))), "idx");
        }
        byte[] wrong = packed.clone();
        wrong[wrong.length - 6] ^= 1;
        refused(() -> Idx.images(put(wrong)), "gzip");
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        Hostile.fuzz(IMAGES, bytes -> Idx.images(put(bytes)));
        Hostile.fuzz(gzip(IMAGES), bytes -> Idx.images(put(bytes)));
        Hostile.fuzz(LABELS, bytes -> Idx.labels(put(bytes)));
    }

    private Path put(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(dir, "a", ""), bytes);
    }
}
