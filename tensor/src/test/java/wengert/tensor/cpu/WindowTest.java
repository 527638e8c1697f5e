package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// The convolution trio, pooling and resampling against the reference.
class WindowTest {
    private static final ConvKernels REF_CONV = Twin.REFERENCE.find(ConvKernels.class);
    private static final ConvKernels CPU_CONV = Twin.CPU.find(ConvKernels.class);
    private static final PoolKernels REF_POOL = Twin.REFERENCE.find(PoolKernels.class);
    private static final PoolKernels CPU_POOL = Twin.CPU.find(PoolKernels.class);

    @Test
    void theLayersOfDcganAgreeWithTheReference() {
        Random r = new Random(1);
        for (int[] z : new int[][] {{2, 1, 8, 8}, {5, 8, 16, 12}, {3, 4, 4, 8}, {2, 3, 16, 8}, {1, 12, 8, 5},
            {17, 8, 8, 4}, {2, 2, 32, 4}}) {
            conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(2, 1), z[0], z[1], z[2], z[2], z[3], 4, 4, 0,
                    0);
        }
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 0), 5, 8, 4, 4, 3, 4, 4, 0, 0);
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 1), 3, 8, 16, 16, 12, 3, 3, 0, 0);
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 0), 3, 40, 9, 9, 12, 1, 1, 0, 0);
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 1), 1, 2, 40, 43, 3, 3, 3, 0, 0);
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(2, 1), 1, 40, 30, 30, 130, 4, 4, 0, 0);
        // several slices of channels, the last one shorter, on both sides
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 1), 2, 131, 12, 12, 70, 3, 3, 0, 0);
        conv(r, DType.F32, Layout.PLAIN, Conv2dGeometry.of(2, 1), 3, 70, 8, 8, 140, 4, 4, 0, 0);
    }

    @Test
    void depthwiseConvolutionsAgreeWithTheReference() {
        for (int seed = 0; seed < 150; seed++) {
            Random r = new Random(seed);
            int groups = 2 + r.nextInt(9);
            int kr = 1 + r.nextInt(5);
            int ks = 1 + r.nextInt(5);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3), 1 + r.nextInt(3), r.nextInt(4),
                    r.nextInt(4), 1 + r.nextInt(2), 1 + r.nextInt(2), groups);
            int h = Math.max(1, g.dilationH() * (kr - 1) + 1 - 2 * g.padH()) + r.nextInt(20);
            int w = Math.max(1, g.dilationW() * (ks - 1) + 1 - 2 * g.padW()) + r.nextInt(40);
            conv(r, DType.F32, Layout.values()[r.nextInt(4)], g, r.nextInt(4), groups, h, w,
                    groups * (1 + r.nextInt(5)), kr, ks, r.nextInt(2), r.nextInt(2));
        }
        Conv2dGeometry g = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 40);
        conv(new Random(1), DType.F32, Layout.PLAIN, g, 3, 40, 64, 64, 40, 3, 3, 0, 0);
    }

    @Test
    void anyGeometryAgreesWithTheReference() {
        for (int seed = 0; seed < 250; seed++) {
            Random r = new Random(seed);
            int groups = r.nextInt(3) == 0 ? 2 + r.nextInt(4) : 1;
            boolean depthwise = groups > 1 && r.nextBoolean();
            int kr = 1 + r.nextInt(4);
            int ks = 1 + r.nextInt(4);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3), 1 + r.nextInt(3), r.nextInt(3),
                    r.nextInt(3), 1 + r.nextInt(2), 1 + r.nextInt(2), groups);
            int h = Math.max(1, g.dilationH() * (kr - 1) + 1 - 2 * g.padH()) + r.nextInt(9);
            int w = Math.max(1, g.dilationW() * (ks - 1) + 1 - 2 * g.padW()) + r.nextInt(20);
            int c = groups * (depthwise ? 1 : 1 + r.nextInt(5));
            int k = groups * (depthwise ? 1 + r.nextInt(2) : 1 + r.nextInt(8));
            conv(r, r.nextInt(4) == 0 ? DType.F64 : DType.F32, Layout.values()[r.nextInt(4)], g, r.nextInt(4),
                    c, h, w, k, kr, ks, r.nextInt(2), r.nextInt(2));
        }
    }

    @Test
    void fewChannelsOnEitherSideAgreeWithTheReference() {
        for (int seed = 0; seed < 80; seed++) {
            Random r = new Random(seed);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3) * r.nextInt(2), 1 + r.nextInt(3)
                    * r.nextInt(2), r.nextInt(3), r.nextInt(3), 1 + r.nextInt(2), 1 + r.nextInt(2), 1);
            int kr = 1 + r.nextInt(4);
            int ks = 1 + r.nextInt(4);
            int h = Math.max(1, g.dilationH() * (kr - 1) + 1 - 2 * g.padH()) + r.nextInt(40);
            int w = Math.max(1, g.dilationW() * (ks - 1) + 1 - 2 * g.padW()) + r.nextInt(40);
            boolean in = r.nextBoolean();
            conv(r, DType.F32, Layout.PLAIN, g, r.nextInt(4), in ? 1 + r.nextInt(4) : 8 + r.nextInt(9), h, w,
                    in ? 8 + r.nextInt(9) : 1 + r.nextInt(4), kr, ks, r.nextInt(2), r.nextInt(2));
        }
        conv(new Random(1), DType.F32, Layout.PLAIN, Conv2dGeometry.of(2, 1), 1, 3, 64, 64, 520, 4, 4, 0, 0);
    }

    @Test
    void fastConvolutionsAgreeWithTheReference() {
        int fast = 0;
        for (int seed = 0; seed < 60; seed++) {
            Random r = new Random(seed);
            int stride = 1 + r.nextInt(2);
            int size = stride * (2 + r.nextInt(2));
            Conv2dGeometry g = Conv2dGeometry.of(stride, r.nextInt(size));
            int h = size + r.nextInt(16);
            int w = size + r.nextInt(r.nextInt(4) > 0 ? 16 : 40);
            int n = 1 + r.nextInt(r.nextBoolean() ? 9 : 40);
            int c = 8 + r.nextInt(r.nextInt(8) == 0 ? 150 : 12);
            int k = 8 + r.nextInt(r.nextInt(8) == 0 ? 150 : 12);
            fast += Winograd.suitsForward(new Window(n, c, h, w, k, size, size, g.outH(h, size), g.outW(w,
                    size),
                    1, stride, stride, g.padH(), g.padW(), 1, 1)) ? 1 : 0;
            conv(r, DType.F32, Layout.values()[r.nextInt(4)], g, n, c, h, w, k, size, size, r.nextInt(2),
                    r.nextInt(2));
        }
        assertTrue(fast > 30, fast + " of 60 went the fast way");
        for (int[] z : new int[][] {{64, 10, 8, 24}, {5, 8, 32, 16}, {3, 30, 16, 17}, {70, 20, 4, 20},
            {21, 8, 8, 9}}) {
            conv(new Random(1), DType.F32, Layout.PLAIN, Conv2dGeometry.of(2, 1), z[0], z[1], z[2], z[2],
                    z[3], 4, 4,
                    0, 0);
            conv(new Random(1), DType.F32, Layout.PLAIN, Conv2dGeometry.of(1, 1), z[0], z[1], z[2], z[2],
                    z[3], 3, 3,
                    0, 0);
        }
    }

    @Test
    void rowsTooWideForWorkingMemoryGoTheDirectWay() {
        for (int width : new int[] {8192, 8194}) {
            Window z = new Window(1, 8, 2, width, 8, 3, 3, 2, width, 1, 1, 1, 1, 1, 1, 1);
            assertEquals(width == 8192, Winograd.suitsForward(z), "forward, width " + width);
            assertEquals(width == 8192, Winograd.suitsGradient(z), "gradient, width " + width);
        }
    }

    @Test
    void aNumberThatIsNotFiniteReachesTheOutputsThatDependOnItAlone() {
        for (int[] z : new int[][] {{4, 2, 16}, {4, 2, 8}, {3, 1, 9}, {3, 1, 16}}) {
            Random r = new Random(1);
            Conv2dGeometry g = Conv2dGeometry.of(z[1], 1);
            int q = g.outH(z[2], z[0]);
            Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 30, 8, z[2], z[2]);
            Twin w = Twin.random(r, DType.F32, Layout.PLAIN, 1, 9, 8, z[0], z[0]);
            Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 30, 9, q, q);
            for (View v : new View[] {x.expected(), x.actual()}) {
                v.storage().f32()[v.offset() + 3 * z[2] + 5] = Float.POSITIVE_INFINITY;
                v.storage().f32()[v.offset() + (17 * 8 * z[2] + 1) * z[2]] = Float.NaN;
            }
            REF_CONV.conv2d(x.expected(), w.expected(), null, g, y.expected());
            CPU_CONV.conv2d(x.actual(), w.actual(), null, g, y.actual());
            int reached = 0;
            for (int i = 0; i < 30 * 9 * q * q; i++) {
                boolean finite = Float.isFinite(y.expected().storage().f32()[y.expected().offset() + i]);
                assertEquals(finite, Float.isFinite(y.actual().storage().f32()[y.actual().offset() + i]),
                        "output " + i + " of kernel " + z[0] + ", size " + z[2]);
                reached += finite ? 0 : 1;
            }
            assertTrue(reached > 9 && reached < 9 * 30, reached + " outputs");
        }
    }

    /// All three kernels; `moreH` and `moreW` rows and columns of the input that no window reaches, if they
    /// fit.
    private static void conv(Random r, DType dtype, Layout layout, Conv2dGeometry g, int n, int c, int h,
            int w, int k, int kr, int ks, int moreH, int moreW) {
        int p = g.outH(h, kr);
        int q = g.outW(w, ks);
        int hh = g.outH(h + moreH, kr) == p ? h + moreH : h;
        int ww = g.outW(w + moreW, ks) == q ? w + moreW : w;
        Twin x = Twin.random(r, dtype, layout, 1, n, c, hh, ww);
        Twin f = Twin.random(r, dtype, layout, 1, k, c / g.groups(), kr, ks);
        Twin dy = Twin.random(r, dtype, layout, 1, n, k, p, q);
        Twin y = Twin.output(r, dtype, Layout.PLAIN, n, k, p, q);
        Twin dx = Twin.output(r, dtype, Layout.PLAIN, n, c, hh, ww);
        Twin dw = Twin.output(r, dtype, Layout.PLAIN, k, c / g.groups(), kr, ks);
        String what = g + " of " + x.expected() + " with " + f.expected() + " " + layout;

        boolean biased = r.nextBoolean();
        Twin b = Twin.random(r, dtype, layout, 1, k);
        REF_CONV.conv2d(x.expected(), f.expected(), biased ? b.expected() : null, g, y.expected());
        CPU_CONV.conv2d(x.actual(), f.actual(), biased ? b.actual() : null, g, y.actual());
        y.assertClose("conv2d " + what, 0, bound(dtype, c / g.groups() * kr * ks));

        Twin shift = Twin.random(r, dtype, layout, 1, c);
        REF_CONV.conv2dDataGradient(dy.expected(), f.expected(), biased ? shift.expected() : null, g,
                dx.expected());
        CPU_CONV.conv2dDataGradient(dy.actual(), f.actual(), biased ? shift.actual() : null, g, dx.actual());
        dx.assertClose("dataGradient " + what, 0, bound(dtype, k / g.groups() * kr * ks));

        REF_CONV.conv2dWeightGradient(x.expected(), dy.expected(), g, dw.expected());
        CPU_CONV.conv2dWeightGradient(x.actual(), dy.actual(), g, dw.actual());
        dw.assertClose("weightGradient " + what, 0, bound(dtype, n * p * q));
    }

    /// Rounding of a sum of `terms` products below 1: partial sums stay below `terms`, and their errors add
    /// up as a random walk; 2 for the final rounding of both sides.
    private static double bound(DType dtype, int terms) {
        return (dtype == DType.F32 ? 0x1p-24 : 0x1p-53) * (2 + terms) * Math.sqrt(terms);
    }

    @Test
    void poolsAgreeWithTheReference() {
        for (int seed = 0; seed < 100; seed++) {
            Random r = new Random(seed);
            int kr = 1 + r.nextInt(3);
            int ks = 1 + r.nextInt(3);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3), 1 + r.nextInt(3), r.nextInt(kr),
                    r.nextInt(ks), 1, 1, 1);
            int h = kr + r.nextInt(9);
            int w = ks + r.nextInt(9);
            DType dtype = r.nextInt(4) == 0 ? DType.F64 : DType.F32;
            Twin x = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 3, 2, 3, h, w);
            int p = g.outH(h, kr);
            int q = g.outW(w, ks);
            Twin places = Twin.output(r, DType.I64, Layout.values()[r.nextInt(3)], 2, 3, p, q);
            REF_POOL.maxPool2dIndices(x.expected(), kr, ks, g, places.expected());
            CPU_POOL.maxPool2dIndices(x.actual(), kr, ks, g, places.actual());
            places.assertSame("maxPool2dIndices " + g);

            Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], 2, 3, p, q);
            REF_POOL.avgPool2d(x.expected(), kr, ks, g, y.expected());
            CPU_POOL.avgPool2d(x.actual(), kr, ks, g, y.actual());
            y.assertClose("avgPool2d " + g, 1, 1e-15);

            Twin dy = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 3, 2, 3, p, q);
            Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], 2, 3, h, w);
            REF_POOL.avgPool2dGradient(dy.expected(), kr, ks, g, dx.expected());
            CPU_POOL.avgPool2dGradient(dy.actual(), kr, ks, g, dx.actual());
            dx.assertClose("avgPool2dGradient " + g, 1, 1e-15);
        }
    }

    @Test
    void resamplingAgreesWithTheReference() {
        for (int seed = 0; seed < 150; seed++) {
            Random r = new Random(seed);
            boolean large = seed % 10 == 0;
            int h = r.nextInt(large ? 90 : 12);
            int w = r.nextInt(large ? 90 : 12);
            int sh = 1 + r.nextInt(large ? 2 : 4);
            int sw = 1 + r.nextInt(large ? 2 : 4);
            int n = r.nextInt(4);
            int c = 1 + r.nextInt(large ? 3 : 20);
            DType dtype = r.nextInt(4) == 0 ? DType.F64 : DType.F32;
            double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
            Twin x = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 1, n, c, h, w);
            Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], n, c, h * sh, w * sw);
            String what = " by " + sh + "x" + sw + " of " + x.expected();
            REF_POOL.upsampleBilinear2d(x.expected(), sh, sw, y.expected());
            CPU_POOL.upsampleBilinear2d(x.actual(), sh, sw, y.actual());
            // weights are rounded, and four products, to which at most three are added
            y.assertClose("bilinear" + what, 0, 4 * unit);

            Twin dy = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 1, n, c, h * sh, w * sw);
            Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], n, c, h, w);
            REF_POOL.upsampleBilinear2dGradient(dy.expected(), sh, sw, dx.expected());
            CPU_POOL.upsampleBilinear2dGradient(dy.actual(), sh, sw, dx.actual());
            // weights add up to 4·sh·sw in a corner of a single pixel; partial sums stay below that
            int terms = 4 * sh * sw;
            dx.assertClose("bilinearGradient" + what, 0, unit * terms * (2 + Math.sqrt(terms)));
        }
    }

    @Test
    void infinityStaysWhereItsWeightIsNotZero() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Twin x = Twin.of(dtype, new double[] {1, Double.POSITIVE_INFINITY, 2, 4}, 1, 1, 1, 4);
            Twin y = Twin.of(dtype, new double[12], 1, 1, 1, 12);
            CPU_POOL.upsampleBilinear2d(x.actual(), 1, 3, y.actual());
            double[] all = Twin.numbers(y.actual());
            for (int q = 0; q < 12; q++) {
                assertEquals(q >= 2 && q <= 6, Double.isInfinite(all[q]), "pixel " + q);
            }
            assertEquals(1, all[1]);
            assertEquals(2, all[7]);
            assertEquals(4, all[11]);
        }
    }

    @Test
    void theFirstOfEqualsAndTheFirstNanWinAPlace() {
        for (int seed = 0; seed < 60; seed++) {
            Random r = new Random(seed);
            double[] few = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 0.0, 1, 1, Double.POSITIVE_INFINITY};
            int size = r.nextInt(3) == 0 ? 2 : few.length;
            int n = 8 + r.nextInt(4);
            int w = 3 + r.nextInt(30);
            double[] numbers = r.ints(n * w, 0, 7).mapToDouble(i -> few[i % size]).toArray();
            DType dtype = r.nextBoolean() ? DType.F32 : DType.F64;
            Twin x = Twin.of(dtype, numbers, 1, 1, n, w);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3), 1 + r.nextInt(4), r.nextInt(3),
                    r.nextInt(3), 1 + r.nextInt(2), 1, 1);
            Twin places = Twin.output(r, DType.I64, Layout.PLAIN, 1, 1, g.outH(n, 3), g.outW(w, 3));
            REF_POOL.maxPool2dIndices(x.expected(), 3, 3, g, places.expected());
            CPU_POOL.maxPool2dIndices(x.actual(), 3, 3, g, places.actual());
            places.assertSame("maxPool2dIndices " + g);
            for (ReduceKind kind : new ReduceKind[] {ReduceKind.MAX, ReduceKind.MIN}) {
                for (int axis = 2; axis < 4; axis++) {
                    Twin place = Twin.output(r, DType.I64, Layout.PLAIN, 1, 1, axis == 2 ? 1 : n,
                            axis == 3 ? 1 : w);
                    Twin.REFERENCE.argReduce(kind, x.expected(), axis, place.expected());
                    Twin.CPU.argReduce(kind, x.actual(), axis, place.actual());
                    place.assertSame(kind + " along " + axis);
                }
            }
        }
    }

    @Test
    void aPoolWindowInThePaddingIsRefused() {
        Random r = new Random(9);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 1, 1, 2, 2);
        Twin places = Twin.output(r, DType.I64, Layout.PLAIN, 1, 1, 6, 6);
        assertThrows(ShapeException.class, () -> CPU_POOL.maxPool2dIndices(x.actual(), 1, 1,
                Conv2dGeometry.of(1, 2), places.actual()));
    }
}
