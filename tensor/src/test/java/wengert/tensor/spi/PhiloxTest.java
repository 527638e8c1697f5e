package wengert.tensor.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    private static final int MANY = 1 << 20;

    @Test
    void publishedKnownAnswersOfTenRounds() {
        assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0, 0, 0));
        assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                block(-1, -1, -1, -1, -1));
        assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                block(0x299f31d0a4093822L, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344));
    }

    @Test
    void streamNumbersAreFixedForever() {
        assertEquals(0xefd01f60ba992926L, Philox.streamId(""));
        assertEquals(0x82a2a958a9bece5bL, Philox.streamId("a"));
        assertEquals(0x61dc69f71e3bc075L, Philox.streamId("init/generator.conv1.weight"));
        assertEquals(0x9a8fa3aaaa09fd21L, Philox.streamId("ü"));
    }

    @Test
    void elementsFourToSevenComeFromBlockOne() {
        float[] u = draw(RandomKind.UNIFORM, 42, 7, 3, 8);
        assertArrayEquals(new float[] {0.7246938f, 0.38859355f, 0.68861574f, 0.036437333f},
                Arrays.copyOfRange(u, 4, 8));
        float[] z = draw(RandomKind.NORMAL, 42, 7, 3, 8);
        double[] expected = {-0.6137951788039423, 0.5169792069600332, 0.841256940350236, 0.1960366290355132};
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], z[4 + i], 2e-7 * Math.abs(expected[i]));
        }
    }

    @Test
    void seedStreamAndDrawAllMatterInBothHalves() {
        float[] base = draw(RandomKind.UNIFORM, 42, 7, 3, 4);
        for (float[] other : new float[][] {draw(RandomKind.UNIFORM, 43, 7, 3, 4),
                draw(RandomKind.UNIFORM, 42 + (1L << 32), 7, 3, 4), draw(RandomKind.UNIFORM, 42, 8, 3, 4),
                draw(RandomKind.UNIFORM, 42, 7 + (1L << 32), 3, 4), draw(RandomKind.UNIFORM, 42, 7, 4, 4)}) {
            assertNotEquals(Arrays.toString(base), Arrays.toString(other));
        }
    }

    @Test
    void piecesInAnyOrderAreTheWhole() {
        for (RandomKind kind : RandomKind.values()) {
            float[] whole = draw(kind, 1, 2, 3, 1003);
            float[] pieces = new float[1003];
            for (int[] part : new int[][] {{999, 1003}, {0, 1}, {6, 999}, {1, 6}, {5, 5}}) {
                Philox.fill(kind, 1, 2, 3, part[0], part[1], pieces, part[0]);
            }
            assertArrayEquals(whole, pieces);
            assertArrayEquals(Arrays.copyOf(whole, 10), draw(kind, 1, 2, 3, 10));
        }
    }

    @Test
    void elementIsCountedInRowMajorOrderOfTheView() {
        float[] whole = draw(RandomKind.NORMAL, 1, 2, 3, 6);
        View y = View.of(storage(DType.F32, 8), Shape.of(4, 2)).slice(0, 1, 1, 3).permute(1, 0).flip(1);
        Philox.fill(RandomKind.NORMAL, 1, 2, 3, y);
        // y[i,j] stands at (3 − j)·2 + i and is element 3i + j; the first row is untouched
        assertArrayEquals(new float[] {0, 0, whole[2], whole[5], whole[1], whole[4], whole[0], whole[3]},
                y.storage().f32());
    }

    @Test
    void doublesHoldTheSameNumbersAsFloats() {
        View y = View.of(storage(DType.F64, 9), Shape.of(3, 3));
        Philox.fill(RandomKind.NORMAL, 1, 2, 3, y);
        float[] floats = draw(RandomKind.NORMAL, 1, 2, 3, 9);
        for (int i = 0; i < 9; i++) {
            assertEquals(floats[i], y.storage().f64()[i]);
        }
    }

    @Test
    void scalarsAndNothingCanBeDrawn() {
        View scalar = View.of(storage(DType.F32, 1), Shape.SCALAR);
        Philox.fill(RandomKind.UNIFORM, 1, 2, 3, scalar);
        assertEquals(draw(RandomKind.UNIFORM, 1, 2, 3, 1)[0], scalar.storage().f32()[0]);
        Philox.fill(RandomKind.UNIFORM, 1, 2, 3, View.of(storage(DType.F64, 0), Shape.of(3, 0)));
    }

    @Test
    void integersAreRefusedByName() {
        View y = View.of(storage(DType.I64, 2), Shape.of(2));
        var e = assertThrows(DTypeException.class, () -> Philox.fill(RandomKind.NORMAL, 1, 2, 3, y));
        assertTrue(e.getMessage().contains("i64 [2]"), e.getMessage());
    }

    @Test
    void uniformsAreFlatAndStayBelowOne() {
        float[] u = draw(RandomKind.UNIFORM, 5, 6, 0, MANY);
        int[] bins = new int[64];
        for (float x : u) {
            assertTrue(x >= 0 && x < 1 && x * 0x1p24f == (int) (x * 0x1p24f));
            bins[(int) (x * 64)]++;
        }
        assertTrue(chiSquared(bins) < 63 + 4 * Math.sqrt(2 * 63), "chi² " + chiSquared(bins));
    }

    @Test
    void normalsHaveTheMomentsAndTailsOfANormal() {
        float[] z = draw(RandomKind.NORMAL, 5, 6, 0, MANY);
        double[] moment = new double[5];
        int[] beyond = new int[5];
        double neighbours = 0;
        for (int i = 0; i < z.length; i++) {
            assertTrue(Float.isFinite(z[i]));
            for (int k = 1; k <= 4; k++) {
                moment[k] += Math.pow(z[i], k) / MANY;
                beyond[k] += Math.abs(z[i]) > k ? 1 : 0;
            }
            neighbours += (double) z[i] * z[i ^ 1] / MANY;
        }
        double sigma = 1 / Math.sqrt(MANY); // of the mean; k-th moment: √(E z^2k − (E z^k)²) times it
        assertEquals(0, moment[1], 4 * sigma);
        assertEquals(1, moment[2], 4 * Math.sqrt(2) * sigma);
        assertEquals(0, moment[3], 4 * Math.sqrt(15) * sigma);
        assertEquals(3, moment[4], 4 * Math.sqrt(96) * sigma);
        assertEquals(0, neighbours, 4 * Math.sqrt(2) * sigma);
        double[] share = {1, 0.31731050786, 0.04550026390, 0.00269979606, 6.33424837e-5};
        for (int k = 1; k <= 4; k++) {
            assertEquals(share[k] * MANY, beyond[k], 4 * Math.sqrt(share[k] * MANY), "|z| > " + k);
        }
    }

    @Test
    void normalsAgreeWithBoxMullerInDouble() {
        float[] z = draw(RandomKind.NORMAL, 9, 8, 7, 40_000);
        for (int i = 0; i < z.length; i += 2) {
            int[] words = block(9, i / 4, 7, 8, 0);
            // near 1 the radius depends strongly on how u is rounded, so u is rounded here as it is there
            float u = Math.fma((float) (words[i % 4] & 0xFFFFFFFFL), 0x1p-32f, 0x1p-33f);
            double angle = 2 * Math.PI * (words[i % 4 + 1] & 0xFFFFFFFFL) * 0x1p-32;
            double radius = Math.sqrt(-2 * Math.log(u));
            assertEquals(radius * Math.cos(angle), z[i], 3e-7 * radius);
            assertEquals(radius * Math.sin(angle), z[i + 1], 3e-7 * radius);
        }
    }

    @Test
    void numbersBelowABoundUseSixtyFourBits() {
        LongSupplier[] drawn = {() -> Philox.below(1000, 42, 7, 3, 2), () -> Philox.below(1000, 42, 7, 3, 3),
            () -> Philox.below(1000, 42, 7, 3, 0)};
        assertArrayEquals(new long[] {388, 36, 599}, Arrays.stream(drawn).mapToLong(LongSupplier::getAsLong)
                .toArray());
        assertEquals(0, Philox.below(1, 42, 7, 3, 5));
        int[] bins = new int[10];
        long bound = Long.MAX_VALUE;
        for (int i = 0; i < 100_000; i++) {
            long r = Philox.below(bound, 1, 2, 3, i);
            assertTrue(r >= 0 && r < bound);
            bins[(int) (r / (bound / 10 + 1))]++;
        }
        assertTrue(chiSquared(bins) < 9 + 4 * Math.sqrt(18), "chi² " + chiSquared(bins));
        assertThrows(TensorException.class, () -> Philox.below(0, 1, 2, 3, 0));
    }

    @Test
    void permutationsHoldEveryNumberOnceAndEveryPlaceAlike() {
        int[] sorted = Philox.permutation(1000, 1, 2, 3);
        assertNotEquals(0, sorted[0] + sorted[1] * sorted[2]);
        Arrays.sort(sorted);
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, sorted[i]);
        }
        int[] bins = new int[24]; // all orders of four
        for (int draw = 0; draw < 24_000; draw++) {
            int[] p = Philox.permutation(4, 11, 12, draw);
            int rank = 0;
            for (int i = 0; i < 4; i++) {
                int smaller = 0;
                for (int j = i + 1; j < 4; j++) {
                    smaller += p[j] < p[i] ? 1 : 0;
                }
                rank = rank * (4 - i) + smaller;
            }
            bins[rank]++;
        }
        assertTrue(chiSquared(bins) < 23 + 4 * Math.sqrt(46), "chi² " + chiSquared(bins));
        assertEquals(0, Philox.permutation(0, 1, 2, 3).length);
    }

    private static double chiSquared(int[] bins) {
        double mean = Arrays.stream(bins).sum() / (double) bins.length;
        return Arrays.stream(bins).mapToDouble(b -> (b - mean) * (b - mean) / mean).sum();
    }

    private static int[] block(long key, int c0, int c1, int c2, int c3) {
        int[] words = new int[4];
        Philox.block(key, c0, c1, c2, c3, words);
        return words;
    }

    private static float[] draw(RandomKind kind, long seed, long stream, int draw, int n) {
        View y = View.of(storage(DType.F32, n), Shape.of(n));
        Philox.fill(kind, seed, stream, draw, y);
        return y.storage().f32();
    }

    private static Storage storage(DType dtype, int n) {
        Object data = switch (dtype) {
            case F32 -> new float[n];
            case F64 -> new double[n];
            default -> new long[n];
        };
        return new Storage(Device.REFERENCE, dtype, n, data);
    }
}
