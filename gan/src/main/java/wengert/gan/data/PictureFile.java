package wengert.gan.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32;
import wengert.tensor.io.ByteImages;
import wengert.tensor.io.FormatException;
import wengert.tensor.io.Image;
import wengert.tensor.io.Png;

/// A PNG or JPEG file, told apart by content, with what its header says.
///
/// @param channels 1 gray, 3 colour
record PictureFile(Path file, boolean png, int height, int width, int channels) {
    private static final int PNG_HEADER = 33;

    /// Reads the header alone.
    ///
    /// @throws FormatException if it is neither, or of a kind that cannot be read
    static PictureFile of(Path file) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 12))) {
            in.mark(PNG_HEADER);
            byte[] head = in.readNBytes(PNG_HEADER);
            if (head.length == PNG_HEADER && ByteBuffer.wrap(head).getLong() == 0x89504e470d0a1a0aL) {
                return png(file, head);
            }
            if (head.length > 2 && head[0] == (byte) 0xff && head[1] == (byte) 0xd8
                    && head[2] == (byte) 0xff) {
                in.reset();
                Jpeg.Frame frame = Jpeg.frame(in, file);
                return new PictureFile(file, false, frame.height(), frame.width(), frame.channels());
            }
            String came = head.length < PNG_HEADER ? head.length + " bytes"
                    : "a file that begins with " + HexFormat.ofDelimiter(" ").formatHex(head, 0, 4);
            throw new FormatException("image", "a PNG or JPEG picture", came, "in " + file,
                    "convert it to PNG, or remove it");
        } catch (EOFException e) {
            throw new FormatException("image", "a whole header", "the end", "in " + file, "the file is cut");
        }
    }

    /// @param head signature, length and name of IHDR, width, height, depth, colour type, 3 bytes, checksum
    private static PictureFile png(Path file, byte[] head) {
        ByteBuffer fields = ByteBuffer.wrap(head);
        int width = fields.getInt(16);
        int height = fields.getInt(20);
        int colour = fields.get(25);
        CRC32 crc = new CRC32();
        crc.update(head, 12, 17);
        if (width < 1 || height < 1 || (int) crc.getValue() != fields.getInt(29)) {
            throw new FormatException("png", "a size and its checksum", "others",
                    FormatException.atByte(8, file.toString()), "the file is damaged");
        }
        // Gray, and gray with alpha; the others are RGB or become it.
        return new PictureFile(file, true, height, width, colour == 0 || colour == 4 ? 1 : 3);
    }

    /// The samples of 8 bits, of 16 bits the upper 8, as a set of one.
    ///
    /// @throws FormatException if the file is damaged
    ByteImages read() throws IOException {
        if (!png) {
            return Jpeg.read(file, new Jpeg.Frame(height, width, channels));
        }
        Image image = Png.read(file);
        int[] samples = image.samples();
        int shift = image.maxValue() == 255 ? 0 : 8;
        byte[] bytes = new byte[samples.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (samples[i] >> shift);
        }
        return new ByteImages(1, image.channels(), image.height(), image.width(), bytes, new int[0]);
    }

    /// `30x40 gray`
    String kind() {
        return height + "x" + width + " " + Fit.colour(channels);
    }
}
