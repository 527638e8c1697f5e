package wengert.tensor.spi;

import java.nio.charset.StandardCharsets;

/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers, as easy as
/// 1, 2, 3; SC 2011). A number is a function of (seed, stream, draw, element) and of nothing else: neither
/// order, threads nor device matter.
///
/// The key is the 64-bit seed, low word first. The counter is (element / 4, draw, low word of the stream,
/// high word of the stream), and gives the four 32-bit words of elements 4j … 4j + 3. All floating arithmetic
/// is in f32 with explicit fused multiply-adds, so that another device can give the same bits; an f64 output
/// holds the f32 number.
public final class Philox {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {
    }

    /// The four random words of one counter.
    ///
    /// @param key   64 bits
    /// @param words takes the four results
    public static void block(long key, int c0, int c1, int c2, int c3, int[] words) {
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        words[0] = c0;
        words[1] = c1;
        words[2] = c2;
        words[3] = c3;
    }

    /// The number of a named stream: the 64-bit FNV-1a hash of the name's UTF-8 bytes, then the finaliser of
    /// MurmurHash3, so that names that differ in one letter give unlike numbers.
    public static long streamId(String name) {
        long h = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            h = (h ^ (b & 0xFF)) * 0x100000001B3L;
        }
        h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
        h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return h ^ (h >>> 33);
    }

    /// Fills a view in host memory; element i in row-major order is element i of the draw.
    ///
    /// @param y f32 or f64, any strides
    /// @throws DTypeException for another dtype
    public static void fill(RandomKind kind, long seed, long stream, int draw, View y) {
        DType dtype = y.dtype();
        if (!dtype.isFloating()) {
            throw new DTypeException("random: expected f32 or f64, got " + y + "; draw into f32 and convert");
        }
        int n = y.shape().length();
        if (dtype == DType.F32 && y.isContiguous()) {
            fill(kind, seed, stream, draw, 0, n, y.storage().f32(), y.offset());
            return;
        }
        int[] sizes = y.shape().toArray();
        int[] strides = y.strides();
        float[] four = new float[4];
        int[] words = new int[4];
        for (int i = 0; i < n; i++) {
            if (i % 4 == 0) {
                four(kind, seed, stream, draw, i / 4, words, four);
            }
            int at = y.offset();
            for (int a = sizes.length - 1, rest = i; a >= 0; rest /= sizes[a--]) {
                at += rest % sizes[a] * strides[a];
            }
            if (dtype == DType.F32) {
                y.storage().f32()[at] = four[i % 4];
            } else {
                y.storage().f64()[at] = four[i % 4];
            }
        }
    }

    /// Elements `from … to − 1` of a draw, into `y[at], y[at + 1], …`: what one thread contributes.
    public static void fill(RandomKind kind, long seed, long stream, int draw, int from, int to, float[] y,
            int at) {
        float[] four = new float[4];
        int[] words = new int[4];
        for (int i = from; i < to;) {
            four(kind, seed, stream, draw, i / 4, words, four);
            do {
                y[at + (i - from)] = four[i % 4];
                i++;
            } while (i < to && i % 4 != 0);
        }
    }

    private static void four(RandomKind kind, long seed, long stream, int draw, int block, int[] words,
            float[] four) {
        block(seed, block, draw, (int) stream, (int) (stream >>> 32), words);
        switch (kind) {
            case UNIFORM -> {
                for (int i = 0; i < 4; i++) {
                    four[i] = (words[i] >>> 8) * 0x1p-24f;
                }
            }
            case NORMAL -> {
                normals(words[0], words[1], four, 0);
                normals(words[2], words[3], four, 2);
            }
        }
    }

    /// Box–Muller: `z = √(−2 ln u) · (cos 2πv, sin 2πv)` with u = (a + ½)·2^−32 (a, then u rounded to
    /// f32) and v = b·2^−32.
    private static void normals(int a, int b, float[] z, int at) {
        float u = Math.fma((float) (a & 0xFFFFFFFFL), 0x1p-32f, 0x1p-33f); // in [2^−33, 1]
        float radius = (float) Math.sqrt(-2 * log(u)); // the root in double, rounded, is the f32 root
        int quarter = (b + 0x20000000) >>> 30; // nearest quarter turn
        float turn = (b - (quarter << 30)) * 0x1p-30f; // quarter turns beyond it, in [−½, ½]
        float t = turn * turn;
        // sin(π/2·x) = x·S(x²) and cos(π/2·x) = 1 + x²·C(x²), Chebyshev fits on |x| ≤ ½ to 5·10^−9 and 10^−9
        float sin = Math.fma(t, -0.0046021492f, 0.07968022f);
        sin = Math.fma(t, sin, -0.64596348f);
        sin = Math.fma(t, sin, 1.5707963f) * turn;
        float cos = Math.fma(t, 0.00090673990f, -0.020861528f);
        cos = Math.fma(t, cos, 0.25366941f);
        cos = Math.fma(t, cos, -1.2337005f);
        cos = Math.fma(t, cos, 1f);
        z[at] = radius * switch (quarter) {
            case 0 -> cos;
            case 1 -> -sin;
            case 2 -> -cos;
            default -> sin;
        };
        z[at + 1] = radius * switch (quarter) {
            case 0 -> sin;
            case 1 -> cos;
            case 2 -> -sin;
            default -> -cos;
        };
    }

    /// Natural logarithm of a normal f32: `ln u = e·ln 2 + ln(1 + f)` with u = 2^e·(1 + f), 1 + f in
    /// [√½, √2), and `ln(1 + f) = f − f²/2 + f³·P(f)`, P a Chebyshev fit to 3·10^−8.
    private static float log(float u) {
        int bits = Float.floatToRawIntBits(u);
        int e = (bits - 0x3F3504F3) >> 23; // 0x3F3504F3 is √½
        float f = Float.intBitsToFloat(bits - (e << 23)) - 1;
        float p = Math.fma(f, 0.06971612f, -0.11479734f);
        p = Math.fma(f, p, 0.11685420f);
        p = Math.fma(f, p, -0.12425687f);
        p = Math.fma(f, p, 0.14249058f);
        p = Math.fma(f, p, -0.16667803f);
        p = Math.fma(f, p, 0.20000716f);
        p = Math.fma(f, p, -0.24999997f);
        p = Math.fma(f, p, 0.33333331f);
        p = Math.fma(f, p, -0.5f);
        return Math.fma(e, 0.69314718f, Math.fma(f * f, p, f));
    }

    /// A whole number in [0, bound): words 2i and 2i + 1 of the draw make 64 bits r, and the result is
    /// ⌊r·bound / 2^64⌋. No value is favoured by more than bound / 2^64.
    ///
    /// @param bound   at least 1
    /// @param element which number i of the draw
    public static long below(long bound, long seed, long stream, int draw, int element) {
        if (bound < 1) {
            throw new TensorException("random: expected a bound of at least 1, got " + bound);
        }
        int[] words = new int[4];
        block(seed, element / 2, draw, (int) stream, (int) (stream >>> 32), words);
        int first = element % 2 * 2;
        long bits = words[first] & 0xFFFFFFFFL | (long) words[first + 1] << 32;
        return Math.unsignedMultiplyHigh(bits, bound);
    }

    /// A random order of 0 … n − 1 (Fisher and Yates, from the end; step i uses [#below] with element i).
    public static int[] permutation(int n, long seed, long stream, int draw) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = (int) below(i + 1L, seed, stream, draw, i);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
