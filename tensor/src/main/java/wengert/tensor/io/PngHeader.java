package wengert.tensor.io;

import java.nio.ByteBuffer;
import java.util.ArrayList;

/// What the first chunk of a PNG file says.
///
/// @param depth      bits of a sample
/// @param colour     0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha
/// @param interlaced true if the picture is stored as seven ever denser grids (Adam7)
record PngHeader(int width, int height, int depth, int colour, boolean interlaced) {
    static final int GRAY = 0;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int GRAY_ALPHA = 4;
    static final int RGB_ALPHA = 6;

    private static final int MAX_SIDE = 1 << 16;
    private static final int MAX_SAMPLES = 1 << 26;

    /// One grid of pixels: every `dx`-th column from `x`, every `dy`-th row from `y`.
    record Pass(int x, int y, int dx, int dy, int columns, int rows) {
    }

    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    private static final int[][] WHOLE = {{0, 0, 1, 1}};

    /// @param at where the 13 bytes of the chunk stand
    static PngHeader parse(byte[] file, int at, int length, Reading reading) {
        if (length != 13) {
            throw reading.wrong(at, "13 bytes of IHDR", length + " bytes", "the file is damaged");
        }
        ByteBuffer fields = ByteBuffer.wrap(file, at, 13);
        int width = fields.getInt();
        int height = fields.getInt();
        int depth = fields.get();
        int colour = fields.get();
        int compression = fields.get();
        int filter = fields.get();
        int interlace = fields.get();
        boolean known = switch (colour) {
            case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
            default -> false;
        };
        if (!known) {
            throw reading.wrong(at + 8, "a depth and colour type of PNG",
                    "depth " + depth + " and type " + colour, "the file is damaged");
        }
        if (compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
            throw reading.wrong(at + 10, "compression 0, filter 0, interlace 0 or 1",
                    compression + ", " + filter + ", " + interlace, "the file is damaged");
        }
        var header = new PngHeader(width, height, depth, colour, interlace == 1);
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE
                || (long) width * height * header.channels() > MAX_SAMPLES) {
            throw reading.wrong(at, "sides of 1 to " + MAX_SIDE + " and at most " + MAX_SAMPLES + " samples",
                    Integer.toUnsignedString(width) + "x" + Integer.toUnsignedString(height) + " pixels of "
                    + header.channels(), "make the picture smaller, or the file is damaged");
        }
        return header;
    }

    /// Channels of the picture without transparency.
    int channels() {
        return colour == GRAY || colour == GRAY_ALPHA ? 1 : 3;
    }

    /// Samples of a pixel in the file.
    int stored() {
        return switch (colour) {
            case GRAY, PALETTE -> 1;
            case GRAY_ALPHA -> 2;
            case RGB -> 3;
            default -> 4;
        };
    }

    /// What full brightness is in the picture that is read.
    int maxValue() {
        return depth == 16 ? 65535 : 255;
    }

    /// Bytes that a filter looks back.
    int step() {
        return Math.max(1, stored() * depth / 8);
    }

    /// Bytes of a row of pixels, without the number of its filter.
    int rowBytes(int columns) {
        return (columns * stored() * depth + 7) / 8;
    }

    /// The grids that are stored, in order. Grids without pixels are left out, as they are in the file.
    Pass[] passes() {
        var passes = new ArrayList<Pass>();
        for (int[] g : interlaced ? ADAM7 : WHOLE) {
            int columns = (width - g[0] + g[2] - 1) / g[2];
            int rows = (height - g[1] + g[3] - 1) / g[3];
            if (columns > 0 && rows > 0) {
                passes.add(new Pass(g[0], g[1], g[2], g[3], columns, rows));
            }
        }
        return passes.toArray(new Pass[0]);
    }

    /// Exactly how many bytes the compressed data unpack to.
    long unpackedBytes() {
        long bytes = 0;
        for (Pass p : passes()) {
            bytes += (long) p.rows * (1 + rowBytes(p.columns));
        }
        return bytes;
    }
}
