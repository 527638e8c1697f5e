package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.FileImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.gan.config.RunConfig;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.FormatException;

class JpegTest {
    @TempDir
    Path dir;

    private Path write(String name, BufferedImage image, boolean progressive) throws IOException {
        Path file = dir.resolve(name);
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(1);
        if (progressive) parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        Files.deleteIfExists(file);
        try (var out = new FileImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        writer.dispose();
        return file;
    }

    private static BufferedImage noise(BufferedImage image) {
        var random = new Random(5);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int b = 0; b < raster.getNumBands(); b++) raster.setSample(x, y, b, random.nextInt(256));
            }
        }
        return image;
    }

    private static BufferedImage gray(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    }

    private static BufferedImage colour(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static void assertSameAsRaster(Path file) throws IOException {
        WritableRaster raster = ImageIO.read(file.toFile()).getRaster();
        ByteImages read = PictureFile.of(file).read();
        assertEquals(raster.getNumBands(), read.channels());
        assertEquals(raster.getHeight(), read.height());
        assertEquals(raster.getWidth(), read.width());
        for (int c = 0; c < read.channels(); c++) {
            for (int y = 0; y < read.height(); y++) {
                for (int x = 0; x < read.width(); x++) {
                    assertEquals(raster.getSample(x, y, c), read.image(0).sample(c, y, x));
                }
            }
        }
    }

    @Test
    void samplesAreThoseOfTheDecoder() throws Exception {
        assertSameAsRaster(write("gray.jpg", noise(gray(19, 11)), false));
        assertSameAsRaster(write("colour.jpg", noise(colour(19, 11)), false));
        assertSameAsRaster(write("progressive.jpg", noise(colour(19, 11)), true));
    }

    @Test
    void graySamplesAreNotBrightened() throws Exception {
        // A flat block has a single coefficient, which quality 1 keeps exactly.
        for (int value : new int[] {0, 1, 64, 129, 200, 255}) {
            BufferedImage flat = gray(8, 8);
            for (int i = 0; i < 64; i++) flat.getRaster().setSample(i % 8, i / 8, 0, value);
            Path file = write("flat.jpg", flat, false);
            ImageSet set = DataSources.open(RunConfig.load("dcgan").with("model.size=8", "data=folder:"
                    + dir));
            assertArrayEquals(new int[] {value, value},
                    new int[] {set.images().image(0).sample(0, 0, 0), set.images().image(0).sample(0, 7, 7)});
            if (value == 129) {
                assertNotEquals(129, ImageIO.read(file.toFile()).getRGB(0, 0) & 0xff);
            }
        }
    }

    @Test
    void colourProfilesAreNotApplied() throws Exception {
        // The JDK embeds profiles that are none of its own objects.
        var linear = (ICC_ColorSpace) ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        var own = new ICC_ColorSpace(ICC_Profile.getInstance(linear.getProfile().getData()));
        var model = new ComponentColorModel(own, false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        var raster = model.createCompatibleWritableRaster(16, 16);
        BufferedImage profiled = noise(new BufferedImage(model, raster, false, null));
        Path with = write("with.jpg", profiled, false);
        assertTrue(new String(Files.readAllBytes(with), StandardCharsets.ISO_8859_1).contains("ICC_PROFILE"));
        Path without = write("without.jpg", noise(new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR)),
                false);
        assertArrayEquals(PictureFile.of(without).read().pixels(), PictureFile.of(with).read().pixels());
    }

    @Test
    void cutPicturesAreRefusedAtEveryLength() throws Exception {
        for (boolean progressive : new boolean[] {false, true}) {
            byte[] whole = Files.readAllBytes(write("a.jpg", noise(colour(24, 24)), progressive));
            for (int n = 0; n < whole.length; n += n < whole.length - 40 ? 13 : 1) {
                Path cut = Files.write(dir.resolve("cut.jpg"), Arrays.copyOf(whole, n));
                Refused.format(() -> PictureFile.of(cut).read(), "cut.jpg");
            }
        }
    }

    @Test
    void damagedPicturesAreReadOrRefused() throws Exception {
        byte[] whole = Files.readAllBytes(write("a.jpg", noise(colour(16, 16)), false));
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] wrong = whole.clone();
            wrong[random.nextInt(i % 2 == 0 ? wrong.length : 630)] = (byte) random.nextInt(256);
            Path file = Files.write(dir.resolve("wrong.jpg"), wrong);
            try {
                PictureFile.of(file).read();
            } catch (FormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 20, refused + " refused");
    }

    @Test
    void kindsThatCannotBeReadAreNamed() throws Exception {
        byte[] whole = Files.readAllBytes(write("a.jpg", colour(8, 8), false));
        int frame = frame(whole);
        byte[] wrong = whole.clone();
        wrong[frame + 9] = 4;
        Path file = dir.resolve("a.jpg");
        Files.write(file, wrong);
        Refused.format(() -> PictureFile.of(file), "8 bits of 4 components", "convert it to RGB");
        wrong[frame + 9] = 3;
        wrong[frame + 4] = 12;
        Files.write(file, wrong);
        Refused.format(() -> PictureFile.of(file), "12 bits of 3 components");
        wrong[frame + 4] = 8;
        Arrays.fill(wrong, frame + 5, frame + 9, (byte) 0xff);
        Files.write(file, wrong);
        Refused.format(() -> PictureFile.of(file), "1 to 134217728 pixels", "65535x65535");
    }

    @Test
    void aHugePictureIsDecodedBoundedOrRefusedFast() throws Exception {
        byte[] claim = Files.readAllBytes(write("a.jpg", gray(8, 8), false));
        int frame = frame(claim);
        // 10000 x 10000 pixels that are not there
        for (int i = 5; i < 9; i += 2) {
            claim[frame + i] = 0x27;
            claim[frame + i + 1] = 0x10;
        }
        Path file = Files.write(dir.resolve("a.jpg"), claim);
        Refused.format(() -> PictureFile.of(file).read(), "a whole picture", "premature end");
    }

    @Test
    void ofHugePicturesEveryNthRowAndColumnIsDecoded() {
        assertEquals(1, Jpeg.every(new Jpeg.Frame(4000, 5592, 3)));
        assertEquals(2, Jpeg.every(new Jpeg.Frame(4001, 5593, 3)));
        assertEquals(2, Jpeg.every(new Jpeg.Frame(8193, 8192, 1)));
        assertEquals(3, Jpeg.every(new Jpeg.Frame(10000, 10000, 3)));
    }

    private static int frame(byte[] file) {
        for (int i = 0; ; i++) {
            if (file[i] == (byte) 0xff && (file[i + 1] == (byte) 0xc0 || file[i + 1] == (byte) 0xc2)) {
                return i;
            }
        }
    }

    @Test
    void theContentCountsNotTheName() throws Exception {
        Path file = write("a.png", noise(gray(8, 8)), false);
        assertEquals(false, PictureFile.of(file).png());
        assertSameAsRaster(file);
    }
}
