package wengert.tensor.io;

/// How much deflated bytes can hold.
final class Packed {
    /// Two bits of deflate's densest code stand for 258 bytes.
    private static final long DENSEST = 4 * 258;

    private Packed() {
    }

    /// The most bytes that `packed` bytes of deflate, zlib or gzip can unpack to. A header that claims more
    /// than this lies, and is refused before memory is taken.
    static long mostBytes(long packed) {
        return packed > Long.MAX_VALUE / DENSEST ? Long.MAX_VALUE : packed * DENSEST;
    }
}
