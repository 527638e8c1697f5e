package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import wengert.tensor.Generator;
import wengert.tensor.io.ByteImages;
import wengert.tensor.spi.Device;

class LoaderTest {
    /// Ten images of one pixel; image i has the sample i and the label i, so that either says which it is.
    private static final ImageSet TEN = set(10);

    private static ImageSet set(int count) {
        byte[] pixels = new byte[count];
        for (int i = 0; i < count; i++) pixels[i] = (byte) i;
        var names = IntStream.range(0, count).mapToObj(String::valueOf).toList();
        var images = new ByteImages(count, 1, 1, 1, pixels, IntStream.range(0, count).toArray());
        return new ImageSet(count + " images", images, names, List.of());
    }

    private static Loader loader(long seed, int batch) {
        return new Loader(TEN, batch, Generator.seeded(seed));
    }

    private static long[] batch(Loader loader, long b) {
        Batch batch = loader.batch(b, Device.CPU, true);
        assertEquals(loader.size(b), batch.size());
        long[] labels = batch.labels().toLongArray();
        // Labels stay with their images.
        long[] samples = Arrays.stream(batch.images().toDoubleArray())
                .mapToLong(x -> Math.round((x + 1) * 127.5)).toArray();
        assertArrayEquals(labels, samples);
        return labels;
    }

    private static long[] batches(Loader loader, int from, int to) {
        return IntStream.range(from, to).mapToObj(b -> batch(loader, b)).flatMapToLong(Arrays::stream)
                .toArray();
    }

    @Test
    void theLastBatchOfAnEpochIsShorter() {
        Loader loader = loader(1, 4);
        assertEquals(3, loader.batchesPerEpoch());
        assertEquals(2, loader.lastBatch());
        for (int epoch = 0; epoch < 3; epoch++) {
            assertEquals(List.of(4, 4, 2), IntStream.range(3 * epoch, 3 * epoch + 3)
                    .mapToObj(b -> loader.batch(b, Device.CPU, false).size()).toList());
        }
    }

    @Test
    void sizesThatDivideOrExceedTheSet() {
        assertEquals(5, loader(1, 5).lastBatch());
        assertEquals(2, loader(1, 5).batchesPerEpoch());
        for (int batch : new int[] {10, 11, Integer.MAX_VALUE}) {
            Loader whole = loader(1, batch);
            assertEquals(1, whole.batchesPerEpoch());
            assertEquals(10, batch(whole, 7).length);
        }
        assertEquals(1, loader(1, 3).lastBatch());
    }

    @Test
    void everyImageComesOncePerEpoch() {
        Loader loader = loader(3, 4);
        for (int epoch = 0; epoch < 4; epoch++) {
            assertArrayEquals(LongStream.range(0, 10).toArray(),
                    LongStream.of(batches(loader, 3 * epoch, 3 * epoch + 3)).sorted().toArray());
        }
    }

    @Test
    void epochsAndSeedsDifferInOrder() {
        long[] first = batches(loader(3, 4), 0, 3);
        assertFalse(Arrays.equals(first, batches(loader(3, 4), 3, 6)));
        assertFalse(Arrays.equals(first, batches(loader(4, 4), 0, 3)));
        assertFalse(Arrays.equals(first, LongStream.range(0, 10).toArray()));
    }

    @Test
    void aBatchDependsOnSeedAndNumberAlone() {
        long[] inOrder = batches(loader(3, 4), 0, 30);
        Loader jumping = loader(3, 4);
        long[] late = batch(jumping, 25);
        assertArrayEquals(batch(loader(3, 4), 25), late);
        batch(jumping, 2);
        batch(jumping, 29);
        assertArrayEquals(inOrder, batches(jumping, 0, 30));

        Generator used = Generator.seeded(3);
        used.stream("z").normal(100);
        used.stream("data").permutation(7);
        assertArrayEquals(inOrder, batches(new Loader(TEN, 4, used), 0, 30));
    }

    @Test
    void labelsComeOnlyWhereTheyAreWanted() {
        assertNull(loader(1, 4).batch(0, Device.CPU, false).labels());
        var images = new ByteImages(3, 1, 1, 1, new byte[3], new int[0]);
        var none = new ImageSet("none", images, List.of(), List.of());
        var loader = new Loader(none, 2, Generator.seeded(1));
        assertEquals(2, loader.batch(0, Device.CPU, false).size());
        assertThrows(IllegalStateException.class, () -> loader.batch(0, Device.CPU, true));
    }

    @Test
    void nothingToLoadIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Loader(set(0), 4, Generator.seeded(1)));
        assertThrows(IllegalArgumentException.class, () -> loader(1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> loader(1, 4).batch(-1, Device.CPU, false));
    }
}
