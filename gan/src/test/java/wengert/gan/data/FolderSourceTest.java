package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.gan.config.RunConfig;
import wengert.tensor.io.Image;
import wengert.tensor.io.Png;

class FolderSourceTest {
    @TempDir
    Path dir;

    private void flat(String name, int channels, int height, int width, int value) throws IOException {
        int[] samples = new int[channels * height * width];
        Arrays.fill(samples, value);
        put(name, Png.encode(new Image(channels, height, width, 255, samples), Map.of()));
    }

    private void put(String name, byte[] bytes) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private void put(String name, String hex) throws IOException {
        put(name, HexFormat.of().parseHex(hex));
    }

    private ImageSet open(String... sets) throws IOException {
        return DataSources.open(
                RunConfig.load("dcgan").with("model.size=8", "data=folder:" + dir).with(sets));
    }

    private static List<Integer> values(ImageSet set) {
        return IntStream.range(0, set.count()).mapToObj(i -> set.images().image(i).sample(0, 4, 4)).toList();
    }

    @Test
    void subFoldersAreClassesInTheOrderOfTheirNames() throws Exception {
        flat("dogs/b.png", 1, 8, 8, 3);
        flat("dogs/a/deep.png", 1, 8, 8, 2);
        flat("cats/z.PNG", 1, 8, 8, 1);
        flat("empty/.hidden.png", 1, 8, 8, 9);
        flat(".cache/x.png", 1, 8, 8, 9);
        put("notes.txt", new byte[1]);
        ImageSet set = open();
        assertEquals(List.of("cats", "dogs"), set.classNames());
        assertEquals(List.of(1, 2, 3), values(set));
        assertArrayEquals(new int[] {0, 1, 1}, set.images().labels());
        assertEquals("folder " + dir + ", 3 images 8x8 gray, 2 classes", set.description());
        assertEquals(List.of(), set.skipped());
        Refused.data(() -> open("model.conditional=true", "model.classes=1"), "at least 2", "came 1");
    }

    @Test
    void picturesOutsideOfSubFoldersHaveNoClass() throws Exception {
        flat("a.png", 1, 8, 8, 1);
        assertEquals(0, open().classes());
        flat("cats/b.png", 1, 8, 8, 2);
        ImageSet set = open();
        assertEquals(0, set.classes());
        assertEquals(0, set.images().labels().length);
        assertTrue(set.description().contains("no classes as some lie outside"), set.description());
        Refused.data(() -> open("model.conditional=true"), "a class for each image", "lie outside");
    }

    @Test
    void brokenPicturesAmongGoodOnesAreSkippedAndNamed() throws Exception {
        flat("a/1.png", 1, 8, 8, 1);
        flat("a/2.png", 1, 8, 8, 2);
        byte[] whole = Files.readAllBytes(dir.resolve("a/2.png"));
        put("a/2.png", Arrays.copyOf(whole, whole.length - 20));
        put("a/3.png", "this is text, not a picture, whatever it is called".getBytes());
        put("b/4.jpg", new byte[0]);
        flat("c/5.png", 1, 8, 8, 5);
        ImageSet set = open();
        assertEquals(List.of(1, 5), values(set));
        // The classes stay those of the sub-folders, even where nothing in one can be read.
        assertEquals(List.of("a", "b", "c"), set.classNames());
        assertArrayEquals(new int[] {0, 2}, set.images().labels());
        assertTrue(set.description().endsWith("3 classes, 3 skipped"), set.description());
        assertEquals(3, set.skipped().size());
        for (String name : List.of("2.png", "3.png", "4.jpg")) {
            assertEquals(1, set.skipped().stream().filter(line -> line.contains(name)).count(), name);
        }
    }

    @Test
    void aDamagedHeaderDoesNotChangeHowOthersAreFitted() throws Exception {
        flat("1.png", 1, 7, 7, 1);
        flat("2.png", 1, 7, 7, 2);
        byte[] wrong = Files.readAllBytes(dir.resolve("2.png"));
        wrong[17] = 1;
        put("2.png", wrong);
        ImageSet set = open();
        assertTrue(set.description().contains("padded to 8x8"), set.description());
        assertEquals(1, set.skipped().size());
    }

    @Test
    void nothingButBrokenPicturesIsAnError() throws Exception {
        put("a.png", "text".getBytes());
        put("b.jpg", "text".getBytes());
        Refused.data(this::open, "images that can be read", "came 2 that cannot", "a.png", dir.toString());
        flat("a.png", 1, 8, 8, 1);
        byte[] whole = Files.readAllBytes(dir.resolve("a.png"));
        put("a.png", Arrays.copyOf(whole, whole.length - 20));
        Refused.data(this::open, "images that can be read", "came 2 that cannot");
    }

    @Test
    void missingAndEmptyFoldersAreErrors() throws Exception {
        Refused.data(() -> open("data=folder:" + dir.resolve("none")), "a folder of PNG or JPEG images",
                "there is no " + dir.resolve("none"), "data=folder:");
        Refused.data(this::open, "PNG or JPEG images (.png, .jpg, .jpeg)", "no file at all", dir.toString());
        put("a.webp", new byte[1]);
        put("x/b.webp", new byte[1]);
        put("x/c.txt", new byte[1]);
        Refused.data(this::open, "other files: 1 .txt, 2 .webp", "convert");
        Refused.data(() -> open("data=folder:" + dir.resolve("a.webp")), "came a file");
        Refused.data(() -> DataSources.open(RunConfig.load("dcgan").with("data=folder")),
                "a folder of images", "data=folder:");
    }

    @Test
    void grayAndColourMayBeMixedAndAreReported() throws Exception {
        flat("a.png", 3, 8, 8, 100);
        flat("b.png", 3, 8, 8, 101);
        flat("sub/c.png", 1, 8, 8, 102);
        for (String channels : List.of("1", "3")) {
            ImageSet set = open("model.channels=" + channels);
            assertEquals(List.of(100, 101, 102), values(set));
            assertEquals(Integer.parseInt(channels), set.images().channels());
            String said = set.description();
            assertTrue(said.contains("3 images that differ (a.png 8x8 RGB, sub/c.png 8x8 gray, …)"), said);
        }
    }

    @Test
    void imagesOfSeveralSizesAreResized() throws Exception {
        flat("a.png", 1, 8, 8, 1);
        flat("b.png", 1, 7, 8, 2);
        flat("c.png", 3, 40, 30, 3);
        ImageSet set = open();
        assertEquals(List.of(1, 2, 3), values(set));
        assertEquals(2, set.images().image(1).sample(0, 0, 0));
        assertTrue(set.description().contains("(a.png 8x8 gray, b.png 7x8 gray, c.png 40x30 RGB, …),"
                + " cropped and resized to 8x8, made gray"), set.description());
        Refused.data(() -> open("data.fit=pad"), "at most 8x8", "came 40x30", "c.png");
        Files.delete(dir.resolve("c.png"));
        assertEquals(0, open("data.fit=pad").images().image(1).sample(0, 7, 0));
    }

    @Test
    void pngSamplesAreExact() throws Exception {
        put("a.png", "89504e470d0a1a0a0000000d49484452000000040000000208000000005ac322bf00000012494441"
                + "5478da63606074a86768683cf11f000ade0389e2969e810000000049454e44ae426082");
        assertArrayEquals(new int[] {0, 1, 64, 127, 128, 129, 200, 255},
                inside(open("data.fit=pad"), 0, 2, 4));
        // 16 bits: 0, 0x0080, 0x8000, 0xffff count with the upper 8
        put("a.png", "89504e470d0a1a0a0000000d49484452000000040000000110000000008cc78c5200000011494441"
                + "5478da63606060686860f8ff1f00078602ff351f433f0000000049454e44ae426082");
        assertArrayEquals(new int[] {0, 0, 128, 255}, inside(open("data.fit=pad"), 0, 1, 4));
        put("a.png", "89504e470d0a1a0a0000000d49484452000000040000000102030000008452e75e00000009504c54"
                + "450a141eff008000ff0043e45b990000000a4944415478da63900000001a001980008ebb00000000"
                + "49454e44ae426082");
        ImageSet palette = open("data.fit=pad", "model.channels=3");
        assertArrayEquals(new int[] {10, 255, 0, 10}, inside(palette, 0, 1, 4));
        assertArrayEquals(new int[] {20, 0, 255, 20}, inside(palette, 1, 1, 4));
        assertArrayEquals(new int[] {30, 128, 0, 30}, inside(palette, 2, 1, 4));
        put("a.png", "89504e470d0a1a0a0000000d4948445200000008000000010100000000cb7bd2ee0000000a494441"
                + "5478da6348050000670066d472c5840000000049454e44ae426082");
        assertArrayEquals(new int[] {0, 255, 255, 0, 0, 255, 0, 255}, inside(open("data.fit=pad"), 0, 1, 8));
        // Transparency is composed on white.
        put("a.png", "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d494441"
                + "5478da6368fcdfc8000006080202b8c0003b0000000049454e44ae426082");
        assertArrayEquals(new int[] {129, 255}, inside(open("data.fit=pad"), 0, 1, 2));
    }

    /// The picture in the middle of its black margin.
    private static int[] inside(ImageSet set, int channel, int height, int width) {
        Image image = set.images().image(0);
        int top = (8 - height) / 2;
        int left = (8 - width) / 2;
        return IntStream.range(0, height * width)
                .map(i -> image.sample(channel, top + i / width, left + i % width)).toArray();
    }
}
