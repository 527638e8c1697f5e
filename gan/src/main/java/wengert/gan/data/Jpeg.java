package wengert.gan.data;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.FormatException;

/// JPEG pictures through the JDK, by raster: the samples are those that the decoder makes, a gray one as it
/// is stored. (`BufferedImage.getRGB` would convert gray from a linear colour space and turn 129 into 189.)
/// Colour profiles and the camera's orientation are not applied. Of a picture of more than 2²⁶ samples every
/// n-th row and column is decoded. Refused are cut and damaged files, four components (CMYK), 12 bits,
/// more than 2²⁷ pixels, and more than 2²⁸ bytes.
final class Jpeg {
    private static final int MAX_SAMPLES = 1 << 26;
    private static final int MAX_PIXELS = 1 << 27;
    private static final int MAX_FILE = 1 << 28;

    /// What the frame header says.
    record Frame(int height, int width, int channels) {
    }

    private Jpeg() {
    }

    /// Reads the frame header, which stands behind segments of other kinds.
    ///
    /// @param in at the first byte of the file
    /// @throws java.io.EOFException if the file ends before
    static Frame frame(DataInputStream in, Path file) throws IOException {
        in.skipNBytes(2);
        while (true) {
            int marker = in.readUnsignedByte();
            if (marker != 0xff) {
                throw wrong("a marker", "byte 0x%02x".formatted(marker), file, "the file is damaged");
            }
            while (marker == 0xff) {
                marker = in.readUnsignedByte();
            }
            if (marker == 0xd9 || marker == 0xda) {
                throw wrong("a frame header", "the picture without one", file, "the file is damaged");
            }
            // Start of frame is C0 … CF but for the tables C4 and CC and the unused C8.
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8
                    && marker != 0xcc;
            int length = in.readUnsignedShort();
            if (!frame) {
                in.skipNBytes(Math.max(0, length - 2));
                continue;
            }
            int bits = in.readUnsignedByte();
            int height = in.readUnsignedShort();
            int width = in.readUnsignedShort();
            int components = in.readUnsignedByte();
            if (bits != 8 || components != 1 && components != 3) {
                throw wrong("8 bits of gray or three colours", bits + " bits of " + components
                        + " components",
                        file, "convert it to RGB");
            }
            if (height == 0 || width == 0 || (long) height * width > MAX_PIXELS) {
                throw wrong("1 to " + MAX_PIXELS + " pixels", height + "x" + width, file,
                        "make the picture smaller, or the file is damaged");
            }
            return new Frame(height, width, components);
        }
    }

    /// Decodes a picture.
    ///
    /// @param frame its header
    /// @throws FormatException if it is cut or damaged
    static ByteImages read(Path file, Frame frame) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw wrong("at most " + MAX_FILE + " bytes", Files.size(file) + " bytes", file,
                    "make the picture smaller");
        }
        byte[] content = Files.readAllBytes(file);
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        String[] damage = {null};
        reader.addIIOReadWarningListener((source, warning) -> {
            if (damage[0] == null && isDamage(warning)) {
                damage[0] = warning;
                source.abort();
            }
        });
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(withoutProfiles(content)))) {
            reader.setInput(in, true, true);
            ImageReadParam parameters = reader.getDefaultReadParam();
            parameters.setSourceSubsampling(every(frame), every(frame), 0, 0);
            Raster raster = reader.read(0, parameters).getRaster();
            if (damage[0] != null) {
                throw wrong("a whole picture", damage[0], file, "the file is cut or damaged");
            }
            return bytes(raster);
        } catch (FormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's decoder also throws unchecked exceptions at damaged files.
            throw wrong("a picture that the JDK can decode", "one that it cannot (" + e + ")", file,
                    "the file is damaged or of a rare kind; convert it to PNG");
        } finally {
            reader.dispose();
        }
    }

    /// The decoder fills what is missing with gray and only warns. Bytes too many do no harm.
    private static boolean isDamage(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("truncated") || text.contains("premature end")
                || text.contains("corrupt") && !text.contains("extraneous bytes");
    }

    /// The file without its colour profiles (APP2), which the JDK would convert from.
    private static byte[] withoutProfiles(byte[] file) {
        var out = new ByteArrayOutputStream(file.length);
        out.write(file, 0, 2);
        int at = 2;
        while (file[at] == (byte) 0xff && file[at + 1] != (byte) 0xda) {
            if (file[at + 1] == (byte) 0xff) {
                at++;
                continue;
            }
            int length = 2 + (Byte.toUnsignedInt(file[at + 2]) << 8) + Byte.toUnsignedInt(file[at + 3]);
            if (file[at + 1] != (byte) 0xe2) {
                out.write(file, at, length);
            }
            at += length;
        }
        out.write(file, at, file.length - at);
        return out.toByteArray();
    }

    /// Every which row and column is decoded.
    static int every(Frame frame) {
        int every = 1;
        while ((long) Math.ceilDiv(frame.height, every) * Math.ceilDiv(frame.width, every) * frame.channels
                > MAX_SAMPLES) {
            every++;
        }
        return every;
    }

    private static ByteImages bytes(Raster raster) {
        int channels = raster.getNumBands();
        int height = raster.getHeight();
        int width = raster.getWidth();
        byte[] pixels = new byte[channels * height * width];
        int[] row = new int[width * channels];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    pixels[(c * height + y) * width + x] = (byte) row[x * channels + c];
                }
            }
        }
        return new ByteImages(1, channels, height, width, pixels, new int[0]);
    }

    private static FormatException wrong(String expected, String came, Path file, String todo) {
        return new FormatException("jpeg", expected, came, "in " + file, todo);
    }
}
