package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.gan.config.RunConfig;

class IdxSourceTest {
    @TempDir
    Path dir;

    /// 8×8 images, each filled with one value.
    private static byte[] images(int... values) {
        var buffer = ByteBuffer.allocate(16
                + 64 * values.length).putInt(0x803).putInt(values.length).putInt(8).putInt(8);
        for (int value : values) {
            byte[] flat = new byte[64];
            Arrays.fill(flat, (byte) value);
            buffer.put(flat);
        }
        return buffer.array();
    }

    private static byte[] labels(int... labels) {
        var buffer = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
        for (int label : labels) buffer.put((byte) label);
        return buffer.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(dir.resolve(name), bytes);
    }

    private ImageSet open(String path, String... sets) throws IOException {
        return DataSources.open(
                RunConfig.load("dcgan").with("model.size=8", "data=idx:" + dir.resolve(path)).with(sets));
    }

    private static int first(ImageSet set, int index) {
        return set.images().image(index).sample(0, 0, 0);
    }

    @Test
    void trainingImagesGoBeforeTestImages() throws Exception {
        put("t10k-images-idx3-ubyte", images(1));
        put("t10k-labels-idx1-ubyte", labels(4));
        assertEquals(1, first(open("."), 0));
        put("train-images-idx3-ubyte.gz", gzip(images(200, 255)));
        put("train-labels-idx1-ubyte.gz", gzip(labels(9, 2)));
        ImageSet set = open(".");
        assertEquals(2, set.count());
        assertEquals(200, first(set, 0));
        assertArrayEquals(new int[] {9, 2}, set.images().labels());
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), set.classNames());
        String said = set.description();
        assertTrue(said.contains("train-images-idx3-ubyte.gz, 2 images 8x8 gray"), said);
        assertTrue(said.endsWith("; not used: t10k-images-idx3-ubyte"), said);
    }

    @Test
    void unpackedFilesGoBeforePackedOnes() throws Exception {
        put("train-images.idx3-ubyte.gz", gzip(images(1)));
        put("train-images.idx3-ubyte", images(2));
        put("train-labels.idx1-ubyte.gz", gzip(labels(3)));
        ImageSet set = open(".");
        assertEquals(2, first(set, 0));
        assertEquals(4, set.classes());
    }

    @Test
    void oneFileMayBeNamed() throws Exception {
        put("train-images-idx3-ubyte", images(1, 2));
        put("t10k-images-idx3-ubyte", images(3));
        put("anything", gzip(images(7)));
        assertEquals(3, first(open("t10k-images-idx3-ubyte"), 0));
        ImageSet set = open("anything");
        assertEquals(7, first(set, 0));
        assertEquals(0, set.classes());
        assertTrue(set.description().endsWith("without a file of labels"), set.description());
    }

    @Test
    void severalFilesAreListed() throws Exception {
        put("letters-train-images-idx3-ubyte.gz", gzip(images(1)));
        put("digits-train-images-idx3-ubyte.gz", gzip(images(1)));
        Refused.data(() -> open("."), "one file of images", "came 2: digits-train-images-idx3-ubyte.gz,"
                + " letters-train-images-idx3-ubyte.gz", "give one of the files", "digits-train");
    }

    @Test
    void whatIsMissingIsSaidWithHowToGetIt() throws Exception {
        Refused.data(() -> open("none"), "there is no " + dir.resolve("none"), "dataset-fashion-mnist",
                "idx:/usr/share/datasets/fashion-mnist");
        put("notes.txt", new byte[3]);
        Refused.data(() -> open("."), "train-images-idx3-ubyte", "a folder without one", dir.toString(),
                "dataset-fashion-mnist");
        assumeFalse(Files.exists(IdxSource.DEBIAN));
        Refused.data(() -> DataSources.open(RunConfig.load("dcgan").with("data=idx")),
                "there is no " + IdxSource.DEBIAN);
    }

    @Test
    void damagedFilesAreNamed() throws Exception {
        byte[] whole = images(1, 2, 3);
        put("train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length - 1));
        Refused.format(() -> open("."), "208 bytes for 3x8x8", "came 207 bytes", "train-images-idx3-ubyte");
        put("train-images-idx3-ubyte", whole);
        put("train-labels-idx1-ubyte", labels(1, 2));
        Refused.format(() -> open("."), "3 labels", "came 2 labels", "train-labels-idx1-ubyte");
    }

    @Test
    void classesAreCheckedWhereTheyAreNeeded() throws Exception {
        put("train-images-idx3-ubyte", images(1, 2));
        assertEquals(0, open(".").classes());
        Refused.data(() -> open(".", "model.conditional=true"), "a class for each image",
                "without a file of labels", "model.conditional=false");
        put("train-labels-idx1-ubyte", labels(0, 25));
        assertEquals(26, open(".").classes());
        Refused.data(() -> open(".", "model.conditional=true"), "model.classes of at least 26", "came 10",
                "set model.classes=26");
        assertEquals(26, open(".", "model.conditional=true", "model.classes=26").classes());
    }
}
