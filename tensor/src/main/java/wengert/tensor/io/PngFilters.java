package wengert.tensor.io;

/// The five filters of PNG: each byte is stored as its difference to a prediction from the bytes to the left
/// (a), above (b), and above left (c), all of the same channel.
///
/// | filter | 0 | 1 | 2 | 3 | 4 |
/// |---|---|---|---|---|---|
/// | prediction | 0 | a | b | ⌊(a + b) / 2⌋ | Paeth: the nearest of a, b, c to a + b − c |
final class PngFilters {
    static final int COUNT = 5;

    private PngFilters() {
    }

    /// Turns differences into bytes, in place.
    ///
    /// @param above the row above, unfiltered; zeros for the first
    /// @param step  bytes from a pixel to the next, at least 1
    static void undo(int filter, byte[] row, byte[] above, int step) {
        for (int i = 0; i < row.length; i++) {
            row[i] += (byte) prediction(filter, row, above, i, step);
        }
    }

    /// Turns bytes into differences.
    static void apply(int filter, byte[] row, byte[] above, byte[] out, int step) {
        for (int i = 0; i < row.length; i++) {
            out[i] = (byte) (row[i] - prediction(filter, row, above, i, step));
        }
    }

    private static int prediction(int filter, byte[] row, byte[] above, int i, int step) {
        int a = i < step ? 0 : Byte.toUnsignedInt(row[i - step]);
        int b = Byte.toUnsignedInt(above[i]);
        return switch (filter) {
            case 0 -> 0;
            case 1 -> a;
            case 2 -> b;
            case 3 -> (a + b) / 2;
            default -> paeth(a, b, i < step ? 0 : Byte.toUnsignedInt(above[i - step]));
        };
    }

    private static int paeth(int a, int b, int c) {
        int toA = Math.abs(b - c);
        int toB = Math.abs(a - c);
        int toC = Math.abs(a + b - 2 * c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}
