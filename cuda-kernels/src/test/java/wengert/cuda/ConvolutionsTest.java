package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.cuda.Pair.Layout;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

class ConvolutionsTest {
    private static final Layout[] LAYOUTS = Layout.values();

    private static CudaBackend card;

    @BeforeAll
    static void open() {
        EmulatedDriver.require();
        card = new CudaBackend(0);
    }

    @AfterEach
    void reset() {
        System.clearProperty("wengert.cuda.convolution");
        card.find(Convolutions.class).own().only(null);
        Emulation.reset();
    }

    /// Sizes of one case; channels are a group's.
    private record Case(DType dtype, int n, int c, int k, int h, int w, int r, int s, Conv2dGeometry g,
            boolean bias) {
        Shape x() {
            return Shape.of(n, c * g.groups(), h, w);
        }

        Shape weights() {
            return Shape.of(k * g.groups(), c, r, s);
        }

        Shape y() {
            return Shape.of(n, k * g.groups(), g.outH(h, r), g.outW(w, s));
        }

        static Case random(DType dtype, Random random, int most) {
            while (true) {
                var g = new Conv2dGeometry(random.nextInt(1, 4), random.nextInt(1, 4), random.nextInt(3),
                        random.nextInt(3), random.nextInt(1, 4), random.nextInt(1, 3), random.nextInt(1, 4));
                var made = new Case(dtype, random.nextInt(1, 4), random.nextInt(1, most),
                        random.nextInt(1, most), random.nextInt(1, 9), random.nextInt(1, 9),
                        random.nextInt(1, 5), random.nextInt(1, 5), g, random.nextBoolean());
                if (made.h + 2 * g.padH() > g.dilationH() * (made.r - 1)
                        && made.w + 2 * g.padW() > g.dilationW() * (made.s - 1)) {
                    return made;
                }
            }
        }
    }

    /// All three against the reference.
    private static void check(Case z, Layout[] layouts, Random random) {
        ConvKernels reference = Device.REFERENCE.backend().find(ConvKernels.class);
        ConvKernels there = card.find(ConvKernels.class);
        Pair x = Pair.random(card, z.dtype, z.x(), layouts[random.nextInt(layouts.length)], random);
        Pair w = Pair.random(card, z.dtype, z.weights(), layouts[random.nextInt(layouts.length)], random);
        Pair dy = Pair.random(card, z.dtype, z.y(), layouts[random.nextInt(layouts.length)], random);
        Pair forK = Pair.random(card, z.dtype, Shape.of(z.weights().size(0)), Layout.BACKWARDS, random);
        Pair forC = Pair.random(card, z.dtype, Shape.of(z.x().size(1)), Layout.EVERY_SECOND, random);
        Pair y = Pair.result(card, z.dtype, z.y());
        Pair dx = Pair.result(card, z.dtype, z.x());
        Pair dw = Pair.result(card, z.dtype, z.weights());
        reference.conv2d(x.host(), w.host(), z.bias ? forK.host() : null, z.g, y.host());
        there.conv2d(x.card(), w.card(), z.bias ? forK.card() : null, z.g, y.card());
        y.assertSame(card, z.c * z.r * z.s, "y of " + z);
        reference.conv2dDataGradient(dy.host(), w.host(), z.bias ? forC.host() : null, z.g, dx.host());
        there.conv2dDataGradient(dy.card(), w.card(), z.bias ? forC.card() : null, z.g, dx.card());
        dx.assertSame(card, z.k * z.r * z.s, "dx of " + z);
        reference.conv2dWeightGradient(x.host(), dy.host(), z.g, dw.host());
        there.conv2dWeightGradient(x.card(), dy.card(), z.g, dw.card());
        dw.assertSame(card, z.n * z.y().size(2) * z.y().size(3), "dw of " + z);
    }

    private static void randomCases(int count, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            check(Case.random(i % 2 == 0 ? DType.F32 : DType.F64, random, 6), LAYOUTS, random);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MIDDLE", "WIDE", "PLAIN"})
    void anyGeometryAndStridesByOwnKernels(Tile tile) {
        System.setProperty("wengert.cuda.convolution", "own");
        card.find(Convolutions.class).own().only(tile);
        randomCases(25, 1);
    }

    @Test
    void largeTilesAndThinOnes() {
        System.setProperty("wengert.cuda.convolution", "own");
        Random random = new Random(2);
        ConvKernels reference = Device.REFERENCE.backend().find(ConvKernels.class);
        for (int i = 0; i < 12; i++) {
            card.find(Convolutions.class).own().only(i % 2 == 0 ? Tile.LARGE : Tile.BROAD);
            check(Case.random(DType.F32, random, 6), LAYOUTS, random);
            card.find(Convolutions.class).own().only(Tile.THIN);
            Case z = Case.random(i % 2 == 0 ? DType.F32 : DType.F64, random, 6);
            Pair x = Pair.random(card, z.dtype, z.x(), Layout.CONTIGUOUS, random);
            Pair w = Pair.random(card, z.dtype, z.weights(), Layout.PERMUTED, random);
            Pair y = Pair.result(card, z.dtype, z.y());
            Pair dx = Pair.result(card, z.dtype, z.x());
            reference.conv2d(x.host(), w.host(), z.g, y.host());
            card.find(ConvKernels.class).conv2d(x.card(), w.card(), z.g, y.card());
            y.assertSame(card, z.c * z.r * z.s, "y of " + z);
            reference.conv2dDataGradient(y.host(), w.host(), z.g, dx.host());
            card.find(ConvKernels.class).conv2dDataGradient(y.card(), w.card(), z.g, dx.card());
            dx.assertSame(card, z.k * z.r * z.s * z.c * z.r * z.s, "dx of " + z);
        }
    }

    /// The tile depends on the card, so the bits must not depend on the tile.
    @Test
    void everyTileGivesTheSameBits() {
        System.setProperty("wengert.cuda.convolution", "own");
        ConvKernels there = card.find(ConvKernels.class);
        Random random = new Random(9);
        var z = new Case(DType.F32, 3, 9, 10, 13, 14, 4, 3, Conv2dGeometry.of(2, 1), true);
        Pair x = Pair.random(card, z.dtype, z.x(), Layout.CONTIGUOUS, random);
        Pair w = Pair.random(card, z.dtype, z.weights(), Layout.CONTIGUOUS, random);
        Pair dy = Pair.random(card, z.dtype, z.y(), Layout.CONTIGUOUS, random);
        Shape[] shapes = {z.y(), z.x(), z.weights()};
        float[][] first = new float[3][];
        for (Tile tile : Tile.values()) {
            card.find(Convolutions.class).own().only(tile);
            for (int i = 0; i < (tile == Tile.THIN || tile == Tile.PLAIN ? 2 : 3); i++) {
                Pair result = Pair.result(card, z.dtype, shapes[i]);
                switch (i) {
                    case 0 -> there.conv2d(x.card(), w.card(), z.g, result.card());
                    case 1 -> there.conv2dDataGradient(dy.card(), w.card(), z.g, result.card());
                    default -> there.conv2dWeightGradient(x.card(), dy.card(), z.g, result.card());
                }
                card.copy(result.card(), result.host());
                float[] got = result.host().storage().f32();
                first[i] = first[i] == null ? got : first[i];
                assertArrayEquals(first[i], got, tile + " " + i);
            }
        }
    }

    /// What a barrier is for shows in another order of a block's threads.
    @ParameterizedTest
    @ValueSource(strings = {"reverse", "random:7"})
    void theOrderOfThreadsDoesNotMatter(String order) {
        System.setProperty("wengert.cuda.convolution", "own");
        Emulation.set("THREADS", order);
        Emulation.set("MODE", "lazy");
        Layout[] dense = {Layout.CONTIGUOUS};
        for (Tile tile : new Tile[] {Tile.LARGE, Tile.BROAD, Tile.WIDE, Tile.PLAIN}) {
            card.find(Convolutions.class).own().only(tile);
            var z = new Case(DType.F32, 3, 6, 7, 11, 9, 4, 4, Conv2dGeometry.of(2, 1), true);
            check(z, dense, new Random(8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cudnn", "own"})
    void anyGeometryAndStrides(String convolution) {
        System.setProperty("wengert.cuda.convolution", convolution);
        randomCases(40, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cudnn", "own"})
    void layersOfAGan(String convolution) {
        System.setProperty("wengert.cuda.convolution", convolution);
        Random random = new Random(4);
        Layout[] dense = {Layout.CONTIGUOUS};
        Conv2dGeometry halving = Conv2dGeometry.of(2, 1);
        check(new Case(DType.F32, 3, 3, 70, 16, 16, 4, 4, halving, true), dense, random);
        check(new Case(DType.F32, 2, 40, 66, 8, 8, 4, 4, halving, true), dense, random);
        check(new Case(DType.F64, 2, 40, 20, 7, 9, 3, 3, Conv2dGeometry.of(1, 1), true), dense, random);
        check(new Case(DType.F32, 5, 33, 9, 4, 4, 4, 4, Conv2dGeometry.of(1, 0), true), dense, random);
        check(new Case(DType.F32, 2, 65, 65, 5, 5, 1, 1, Conv2dGeometry.of(1, 0), false), dense, random);
        var depthwise = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 17);
        check(new Case(DType.F32, 2, 1, 1, 9, 9, 3, 3, depthwise, true), dense, random);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cudnn", "own"})
    void anEmptyBatchGivesNothingAndZeroWeightGradients(String convolution) {
        System.setProperty("wengert.cuda.convolution", convolution);
        Layout[] dense = {Layout.CONTIGUOUS};
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            check(new Case(dtype, 0, 2, 3, 6, 6, 3, 3, Conv2dGeometry.of(2, 1), true), dense, new Random(5));
            check(new Case(dtype, 0, 2, 3, 4, 4, 4, 4, Conv2dGeometry.of(1, 0), true), dense, new Random(5));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cudnn", "own"})
    void aWeightGradientOfManyPixelsAddsItsSlices(String convolution) {
        System.setProperty("wengert.cuda.convolution", convolution);
        Layout[] dense = {Layout.CONTIGUOUS};
        var z = new Case(DType.F32, 3, 4, 10, 23, 24, 2, 2, Conv2dGeometry.of(1, 0), false);
        long launches = Emulation.launches("add_slices_f32");
        check(z, dense, new Random(6));
        if (convolution.equals("own")) {
            assertEquals(launches + 1, Emulation.launches("add_slices_f32"));
        }
        check(new Case(DType.F64, 3, 4, 10, 23, 24, 2, 2, z.g, false), dense, new Random(6));
        Pair x = Pair.random(card, z.dtype, z.x(), Layout.CONTIGUOUS, new Random(7));
        Pair dy = Pair.random(card, z.dtype, z.y(), Layout.CONTIGUOUS, new Random(8));
        Pair dw = Pair.result(card, z.dtype, z.weights());
        long before = card.memory().taken();
        card.find(ConvKernels.class).conv2dWeightGradient(x.card(), dy.card(), z.g, dw.card());
        assertEquals(before, card.memory().taken());
    }
}
