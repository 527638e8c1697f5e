package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.gan.config.RunConfig;
import wengert.tensor.spi.Device;

class Cifar10SourceTest {
    @TempDir
    Path dir;

    private static byte[] record(int label, IntUnaryOperator pixel) {
        byte[] bytes = new byte[3073];
        bytes[0] = (byte) label;
        for (int i = 0; i < 3072; i++) bytes[1 + i] = (byte) pixel.applyAsInt(i);
        return bytes;
    }

    private static byte[] flat(int label, int value) {
        return record(label, i -> value);
    }

    private ImageSet open(String... sets) throws IOException {
        return DataSources.open(
                RunConfig.load("dcgan").with("model.channels=3", "data=cifar10:" + dir).with(sets));
    }

    @Test
    void planesAreColoursAndBytesUnsigned() throws Exception {
        Files.write(dir.resolve("data_batch_1.bin"), record(6, i -> i < 1024 ? 0xff : i < 2048 ? 0x80 : 0));
        ImageSet set = open("model.conditional=true", "model.classes=10");
        Batch batch = set.batch(new int[] {0}, Device.CPU, true);
        assertArrayEquals(new long[] {6}, batch.labels().toLongArray());
        assertEquals("frog", set.classNames().get(6));
        double[] x = batch.images().toDoubleArray();
        assertEquals(1, x[0]);
        assertEquals(0.00392156862745, x[1024 + 77], 1e-7);
        assertEquals(-1, x[3071]);
        // 0.299 · 255 + 0.587 · 128 = 151.381
        assertEquals(151, open("model.channels=1").images().image(0).sample(0, 3, 4));

        Files.write(dir.resolve("data_batch_1.bin"), record(3, i -> 7 * i));
        var image = open().images().image(0);
        assertEquals(7, image.sample(0, 0, 1));
        assertEquals(213, image.sample(1, 2, 3));
        assertEquals(249, image.sample(2, 31, 31));
    }

    @Test
    void allBatchesOfAFolderAreTakenInOrder() throws Exception {
        Path inside = Files.createDirectories(dir.resolve(Cifar10Source.FOLDER));
        Files.write(inside.resolve("test_batch.bin"), flat(9, 99));
        assertEquals(99, open().images().image(0).sample(0, 0, 0));
        for (int i = 5; i >= 1; i--) {
            Files.write(inside.resolve("data_batch_" + i + ".bin"), flat(i, 10 * i));
        }
        ImageSet set = open();
        assertArrayEquals(new int[] {1, 2, 3, 4, 5}, set.images().labels());
        assertEquals(50, set.images().image(4).sample(0, 0, 0));
        assertTrue(set.description().endsWith("data_batch_1.bin … data_batch_5.bin, 5 images 32x32 RGB"),
                set.description());
        assertEquals(99,
                open("data=cifar10:" + inside.resolve("test_batch.bin")).images().image(0).sample(0, 0, 0));
    }

    @Test
    void whatIsMissingIsSaidWithHowToGetIt() throws Exception {
        Refused.data(() -> open("data=cifar10:" + dir.resolve("none")), "there is no " + dir.resolve("none"),
                "cifar-10-binary.tar.gz");
        Refused.data(this::open, "data_batch_1.bin", "a folder without them", "cifar-10-binary.tar.gz");
        Files.write(dir.resolve("data_batch_1"), new byte[10]);
        Refused.data(this::open, "the files for Python", "binary version");
    }

    @Test
    void damagedFilesAreNamed() throws Exception {
        Files.write(dir.resolve("data_batch_1.bin"), new byte[6145]);
        Refused.format(this::open, "records of 3073 bytes", "6145 bytes", "data_batch_1.bin");
        byte[] wrong = flat(1, 1);
        wrong[0] = 10;
        Files.write(dir.resolve("data_batch_1.bin"), wrong);
        Refused.format(this::open, "a label from 0 to 9", "came 10");
        Files.write(dir.resolve("data_batch_1.bin"), Arrays.copyOf(wrong, 0));
        Refused.format(this::open, "data_batch_1.bin");
    }
}
