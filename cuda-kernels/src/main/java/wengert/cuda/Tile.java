package wengert.cuda;

import java.util.Locale;
import wengert.tensor.spi.DType;

/// How large a piece of the result a block of `convolution.cu` computes, as its kernels are named. The larger
/// it is, the less is read for each multiplication; small results leave multiprocessors without a piece.
/// It does not change a sum's order, so it may depend on the card.
enum Tile {
    /// For more than 64 channels in pictures large enough; f32.
    LARGE(128, 128),
    /// For fewer channels, or smaller pictures; f32.
    BROAD(64, 128),
    /// For everything else.
    MIDDLE(64, 64),
    /// For up to 32 channels.
    WIDE(32, 128),
    /// For up to 4 channels, as pictures have; not for weight gradients.
    THIN(4, 256),
    /// One result a thread, or in a weight gradient a block.
    PLAIN(1, 1);

    /// With fewer multiplications than this, what a tile would have to fill with zeros costs more.
    private static final long FEW = 1 << 16;
    private static final int FEW_CHANNELS = 4;
    private static final int FEW_TERMS = 64;
    /// Most blocks in y and z.
    private static final int MOST = 65_535;

    private final int channels;
    private final int columns;

    Tile(int channels, int columns) {
        this.channels = channels;
        this.columns = columns;
    }

    /// For a result of so many channels and columns, of which each is a sum of so many terms.
    ///
    /// @param columns         pixels, or in a weight gradient C/G · R · S
    /// @param narrow          the side that must not be small: terms of the sum, or C/G · R · S
    /// @param multiplications in all
    /// @param layers          blocks in z
    /// @param thin            whether there is such a kernel
    static Tile of(DType dtype, int channels, int columns, long narrow, long multiplications, long layers,
            boolean thin, int multiprocessors) {
        if (multiplications < FEW || channels <= FEW_CHANNELS && narrow <= FEW_TERMS
                || layers > MOST || channels / WIDE.channels > MOST) {
            return PLAIN;
        }
        if (thin && channels <= THIN.channels) {
            return THIN;
        }
        if (channels <= WIDE.channels) {
            return WIDE;
        }
        if (dtype == DType.F32 && columns > MIDDLE.columns) {
            if (channels > BROAD.channels && LARGE.fills(channels, columns, layers, multiprocessors)) {
                return LARGE;
            }
            if (BROAD.fills(channels, columns, layers, multiprocessors)) {
                return BROAD;
            }
        }
        return MIDDLE;
    }

    /// Three quarters of the card at the speed of this tile are as good as all of it at that of the next.
    private boolean fills(int ofChannels, int ofColumns, long layers, int multiprocessors) {
        return 4 * layers * tall(ofChannels) * wide(ofColumns) >= 3L * multiprocessors;
    }

    /// Blocks in y.
    int tall(int ofChannels) {
        return (ofChannels + channels - 1) / channels;
    }

    /// Blocks in x.
    int wide(int ofColumns) {
        return (ofColumns + columns - 1) / columns;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
