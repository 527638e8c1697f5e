package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import wengert.gan.config.RunConfig;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

class BundledTest {
    @Test
    void garmentsArePaddedByTwoWithBlack() throws Exception {
        ImageSet set = DataSources.open(RunConfig.load("dcgan"));
        assertEquals(10000, set.count());
        String said = set.description();
        assertTrue(said.startsWith(
                "bundled Fashion-MNIST test set, 10000 images 28x28 gray, padded to 32x32"), said);
        assertEquals(10, set.classes());
        assertEquals("ankle boot", set.classNames().get(9));
        // The test set holds a thousand of each class; its first image is an ankle boot.
        for (int c = 0; c < 10; c++) {
            int label = c;
            assertEquals(1000, Arrays.stream(set.images().labels()).filter(l -> l == label).count());
        }
        Batch batch = set.batch(new int[] {0, 1}, Device.CPU, true);
        assertEquals(Shape.of(2, 1, 32, 32), batch.images().shape());
        assertEquals(9, batch.labels().toLongArray()[0]);
        double[] boot = batch.images().select(0, 0).toDoubleArray();
        double margin = -1;
        double inside = -1;
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                boolean edge = y < 2 || y >= 30 || x < 2 || x >= 30;
                if (edge) {
                    margin = Math.max(margin, boot[y * 32 + x]);
                } else {
                    inside = Math.max(inside, boot[y * 32 + x]);
                }
            }
        }
        assertEquals(-1, margin);
        assertEquals(1, inside);
    }

    @Test
    void otherSizesAndChannelsAreMade() throws Exception {
        ImageSet half = DataSources.open(RunConfig.load("tiny"));
        assertTrue(half.description().contains("cropped and resized to 16x16"), half.description());
        assertEquals(16, half.images().width());
        ImageSet colour = DataSources.open(RunConfig.load("dcgan").with("model.channels=3"));
        Tensor image = colour.batch(new int[] {3}, Device.CPU, false).images();
        assertEquals(Shape.of(1, 3, 32, 32), image.shape());
        assertEquals(0, image.select(1, 0).sub(image.select(1, 2)).abs().max().item());
        assertTrue(colour.description().endsWith("made RGB"), colour.description());
    }

    @Test
    void classesMustFit() throws Exception {
        var e = assertThrows(DataException.class,
                () -> DataSources.open(RunConfig.load("conditional").with("model.classes=8")));
        assertTrue(e.getMessage().contains("model.classes of at least 10"), e.getMessage());
        assertTrue(e.getMessage().contains("came 8 — set in code"), e.getMessage());
        assertEquals(10, DataSources.open(RunConfig.load("conditional").with("model.classes=12")).classes());
    }

    @Test
    void imagesHaveOneOrThreeChannels() {
        var e = assertThrows(DataException.class,
                () -> DataSources.open(RunConfig.load("dcgan").with("model.channels=2")));
        assertTrue(e.getMessage().contains("model.channels 1 (gray) or 3 (RGB), came 2"), e.getMessage());
    }
}
