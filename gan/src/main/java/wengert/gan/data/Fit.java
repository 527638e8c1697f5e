package wengert.gan.data;

import java.util.Arrays;
import java.util.Locale;
import wengert.gan.config.RunConfig;
import wengert.tensor.io.ByteImages;

/// Brings images to the size and the channels of a run.
///
/// - **pad**: the image in the middle of a black square (byte 0, value −1); 28×28 becomes 32×32 with 2 on
///   each side. An odd remainder goes to the right and to the bottom. A larger image is refused.
/// - **resize**: the square in the middle of the image (of an odd remainder the right and the bottom lose
///   more), resampled as [Taps] says, rounded to the nearest, halves upwards. An image of the right size is
///   left as it is.
/// - **auto**: pad if all images have one size that is at most that of the run and at least three quarters of
///   it on both sides; else resize.
///
/// Gray becomes RGB by repetition. RGB becomes gray after resampling by the luma of ITU-R BT.601,
/// `0.299 R + 0.587 G + 0.114 B`, rounded to the nearest; equal red, green and blue are that gray exactly.
///
/// @param channels 1 or 3
/// @param size     height and width
record Fit(int channels, int size, Mode mode) {
    enum Mode {
        AUTO, PAD, RESIZE
    }

    static Fit of(RunConfig config) {
        int channels = config.whole("model.channels");
        if (channels != 1 && channels != 3) {
            throw new DataException("model.channels 1 (gray) or 3 (RGB)", String.valueOf(channels),
                    config.origin("model.channels"), "set it to what the images have");
        }
        return new Fit(channels, config.whole("model.size"),
                Mode.valueOf(config.text("data.fit").toUpperCase(Locale.ROOT)));
    }

    /// This, decided for images that all have one size: pad or resize.
    ///
    /// @param where of the images, for the refusal
    Fit decided(int height, int width, String where) {
        boolean fits = height <= size && width <= size;
        boolean near = 4L * Math.min(height, width) >= 3L * size;
        Fit fit = mode != Mode.AUTO ? this : new Fit(channels, size, fits && near ? Mode.PAD : Mode.RESIZE);
        fit.check(height, width, where);
        return fit;
    }

    /// This, decided for images of several sizes.
    Fit mixed() {
        return mode == Mode.AUTO ? new Fit(channels, size, Mode.RESIZE) : this;
    }

    /// Refuses an image that padding cannot make smaller.
    void check(int height, int width, String where) {
        if (mode == Mode.PAD && (height > size || width > size)) {
            throw new DataException("at most " + size + "x" + size + " pixels (model.size) to pad",
                    height + "x" + width, where, "set data.fit=resize, or a larger model.size");
        }
    }

    /// Memory for that many images, refused where it cannot be had.
    byte[] room(long count, String where) {
        long bytes = count * channels * size * size;
        long most = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 2);
        if (bytes > most) {
            throw new DataException("at most " + most + " bytes of images in memory", bytes + " bytes for "
                    + count + " images [" + channels + "," + size + "," + size + "]", where,
                    "take fewer images or a smaller model.size"
                            + (bytes < Integer.MAX_VALUE - 8 ? ", or give Java more memory with -Xmx" : ""));
        }
        return new byte[(int) bytes];
    }

    /// All images of a set of one size.
    ///
    /// @param where of the images, for refusals
    ByteImages all(ByteImages images, String where) {
        if (images.pixels().length == 0) {
            throw new DataException("at least one image of at least one pixel", images.toString(), where,
                    "take another file");
        }
        Fit fit = decided(images.height(), images.width(), where);
        if (images.channels() == channels && same(images)) {
            return images;
        }
        byte[] pixels = room(images.count(), where);
        for (int i = 0; i < images.count(); i++) {
            fit.one(images, i, pixels, i);
        }
        return new ByteImages(images.count(), channels, size, size, pixels, images.labels());
    }

    private boolean same(ByteImages images) {
        return images.height() == size && images.width() == size;
    }

    /// What a set of one size is and becomes: `10000 images 28x28 gray, padded to 32x32`.
    String description(ByteImages images) {
        var text = new StringBuilder("%d images %dx%d %s".formatted(images.count(), images.height(),
                images.width(), colour(images.channels())));
        if (!same(images)) {
            text.append(", ").append(decided(images.height(), images.width(), "").said());
        }
        if (images.channels() != channels) {
            text.append(", made ").append(colour(channels));
        }
        return text.toString();
    }

    static String colour(int channels) {
        return channels == 1 ? "gray" : "RGB";
    }

    /// One image, written as number `to` of `pixels` [N, C, H, W]; the mode is decided.
    void one(ByteImages images, int index, byte[] pixels, int to) {
        int planes = images.channels();
        byte[][] fitted = new byte[planes][];
        for (int c = 0; c < planes; c++) {
            int plane = (index * planes + c) * images.height() * images.width();
            fitted[c] = mode == Mode.PAD ? padded(images, plane) : resized(images, plane);
        }
        int area = size * size;
        int at = to * channels * area;
        if (channels == 1 && planes == 3) {
            for (int i = 0; i < area; i++) {
                pixels[at + i] = luma(fitted[0][i], fitted[1][i], fitted[2][i]);
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            System.arraycopy(fitted[Math.min(c, planes - 1)], 0, pixels, at + c * area, area);
        }
    }

    private static byte luma(byte r, byte g, byte b) {
        int thousandths = 299 * Byte.toUnsignedInt(r) + 587 * Byte.toUnsignedInt(g)
                + 114 * Byte.toUnsignedInt(b);
        return (byte) ((thousandths + 500) / 1000);
    }

    private byte[] padded(ByteImages images, int plane) {
        byte[] square = new byte[size * size];
        int top = (size - images.height()) / 2;
        int left = (size - images.width()) / 2;
        for (int y = 0; y < images.height(); y++) {
            System.arraycopy(images.pixels(), plane + y * images.width(), square, (top + y) * size + left,
                    images.width());
        }
        return square;
    }

    private byte[] resized(ByteImages images, int plane) {
        byte[] x = images.pixels();
        int width = images.width();
        int side = Math.min(images.height(), width);
        int corner = plane + (images.height() - side) / 2 * width + (width - side) / 2;
        Taps taps = Taps.of(side, size);
        // Weights of both directions multiply: at most 255 · (2^16)² here, far from what a long holds.
        long total = (long) taps.total() * taps.total();
        byte[] square = new byte[size * size];
        long[] sums = new long[size];
        for (int i = 0; i < size; i++) {
            Arrays.fill(sums, total / 2);
            int[] rows = taps.weights()[i];
            for (int k = 0; k < rows.length; k++) {
                int row = corner + (taps.first()[i] + k) * width;
                for (int j = 0; j < size; j++) {
                    int[] columns = taps.weights()[j];
                    int at = row + taps.first()[j];
                    int sum = 0;
                    for (int l = 0; l < columns.length; l++) {
                        sum += columns[l] * Byte.toUnsignedInt(x[at + l]);
                    }
                    sums[j] += (long) rows[k] * sum;
                }
            }
            for (int j = 0; j < size; j++) {
                square[i * size + j] = (byte) (sums[j] / total);
            }
        }
        return square;
    }

    /// What was done to images of a size, for people: `padded to 32x32`.
    String said() {
        return (mode == Mode.PAD ? "padded to " : "cropped and resized to ") + size + "x" + size;
    }
}
