package wengert.tensor.io;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Turns rows of a PNG file into samples [C, H, W]: unpacks bits, looks up colours, composes on white.
final class PngPixels {
    private final PngHeader header;
    private final int[] samples;
    private final int plane;
    private final int max;
    /// Colours of the palette, composed: red, green, blue of each.
    private final int[] colours;
    /// The one colour that is transparent, as it is stored; null if there is none.
    private final int[] clear;

    /// @param palette      PLTE, or null
    /// @param transparency tRNS, or null
    /// @param samples      where the picture goes
    PngPixels(PngHeader header, byte[] palette, byte[] transparency, int[] samples) {
        this.header = header;
        this.samples = samples;
        plane = header.width() * header.height();
        max = header.maxValue();
        boolean indexed = header.colour() == PngHeader.PALETTE;
        colours = indexed ? colours(palette, transparency) : null;
        clear = indexed || transparency == null ? null : clear(transparency);
    }

    private static int[] colours(byte[] palette, byte[] alphas) {
        int[] colours = new int[palette.length];
        for (int i = 0; i < colours.length; i++) {
            int alpha = alphas == null || i / 3 >= alphas.length ? 255 : Byte.toUnsignedInt(alphas[i / 3]);
            colours[i] = onWhite(Byte.toUnsignedInt(palette[i]), alpha, 255);
        }
        return colours;
    }

    private static int[] clear(byte[] transparency) {
        int[] clear = new int[transparency.length / 2];
        for (int c = 0; c < clear.length; c++) {
            clear[c] = Short.toUnsignedInt(ByteBuffer.wrap(transparency).getShort(2 * c));
        }
        return clear;
    }

    /// A sample over white: `(v · alpha + max · (max − alpha)) / max`, rounded; v itself where it is opaque.
    private static int onWhite(int v, int alpha, int max) {
        return (int) (((long) v * alpha + (long) max * (max - alpha) + max / 2) / max);
    }

    /// Stores one unfiltered row of a grid.
    ///
    /// @return false if an index is not in the palette
    boolean put(byte[] row, PngHeader.Pass pass, int r) {
        int to = (pass.y() + r * pass.dy()) * header.width() + pass.x();
        int[] pixel = new int[header.stored()];
        for (int x = 0; x < pass.columns(); x++, to += pass.dx()) {
            for (int c = 0; c < pixel.length; c++) {
                pixel[c] = stored(row, x * pixel.length + c);
            }
            switch (header.colour()) {
                case PngHeader.PALETTE -> {
                    int colour = 3 * pixel[0];
                    if (colour >= colours.length) {
                        return false;
                    }
                    for (int c = 0; c < 3; c++) {
                        samples[c * plane + to] = colours[colour + c];
                    }
                }
                case PngHeader.GRAY, PngHeader.RGB -> {
                    boolean opaque = clear == null || !Arrays.equals(clear, pixel);
                    for (int c = 0; c < pixel.length; c++) {
                        samples[c * plane + to] = opaque ? widened(pixel[c]) : max;
                    }
                }
                default -> {
                    int alpha = pixel[pixel.length - 1];
                    for (int c = 0; c < pixel.length - 1; c++) {
                        samples[c * plane + to] = onWhite(pixel[c], alpha, max);
                    }
                }
            }
        }
        return true;
    }

    /// Sample number `i` of a row, as it is stored.
    private int stored(byte[] row, int i) {
        int depth = header.depth();
        return switch (depth) {
            case 8 -> Byte.toUnsignedInt(row[i]);
            case 16 -> Byte.toUnsignedInt(row[2 * i]) << 8 | Byte.toUnsignedInt(row[2 * i + 1]);
            default -> {
                int bit = i * depth;
                yield row[bit / 8] >> 8 - depth - bit % 8 & (1 << depth) - 1;
            }
        };
    }

    /// 1, 2 or 4 bits on the scale of 8: 255 is a multiple of 1, 3 and 15.
    private int widened(int v) {
        return header.depth() < 8 ? v * (255 / ((1 << header.depth()) - 1)) : v;
    }
}
