package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.cuda.Twin.Layout;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.ShapeException;

/// Windows and resampling against the reference.
class PoolsTest {
    private static PoolKernels reference;
    private static PoolKernels card;

    @BeforeAll
    static void open() {
        reference = Twin.reference().find(PoolKernels.class);
        card = Twin.card().find(PoolKernels.class);
    }

    private static Layout layout(Random r) {
        return Layout.values()[r.nextInt(5)];
    }

    @Test
    void windowsAgreeWithTheReference() {
        for (int seed = 0; seed < 80; seed++) {
            Random r = new Random(seed);
            int kr = 1 + r.nextInt(3);
            int ks = 1 + r.nextInt(3);
            int dilationH = 1 + r.nextInt(2);
            int dilationW = 1 + r.nextInt(2);
            Conv2dGeometry g = new Conv2dGeometry(1 + r.nextInt(3), 1 + r.nextInt(3), r.nextInt(kr),
                    r.nextInt(ks), dilationH, dilationW, 1);
            int h = (kr - 1) * dilationH + 1 + r.nextInt(9);
            int w = (ks - 1) * dilationW + 1 + r.nextInt(9);
            DType dtype = r.nextInt(4) == 0 ? DType.F64 : DType.F32;
            int n = r.nextInt(3);
            Twin x = Twin.random(r, dtype, n == 0 ? Layout.PLAIN : layout(r), 3, n, 3, h, w);
            int p = g.outH(h, kr);
            int q = g.outW(w, ks);
            Twin places = Twin.output(r, DType.I64, layout(r), n, 3, p, q);
            reference.maxPool2dIndices(x.expected(), kr, ks, g, places.expected());
            card.maxPool2dIndices(x.actual(), kr, ks, g, places.actual());
            places.assertSame("maxPool2dIndices " + g);

            Twin y = Twin.output(r, dtype, layout(r), n, 3, p, q);
            reference.avgPool2d(x.expected(), kr, ks, g, y.expected());
            card.avgPool2d(x.actual(), kr, ks, g, y.actual());
            y.assertClose("avgPool2d " + g, 1, 1e-15);

            Twin dy = Twin.random(r, dtype, n == 0 ? Layout.PLAIN : layout(r), 3, n, 3, p, q);
            Twin dx = Twin.output(r, dtype, layout(r), n, 3, h, w);
            reference.avgPool2dGradient(dy.expected(), kr, ks, g, dx.expected());
            card.avgPool2dGradient(dy.actual(), kr, ks, g, dx.actual());
            dx.assertClose("avgPool2dGradient " + g, 1, 1e-15);
        }
    }

    @Test
    void resamplingAgreesWithTheReference() {
        for (int seed = 0; seed < 80; seed++) {
            Random r = new Random(seed);
            int h = r.nextInt(12);
            int w = r.nextInt(12);
            int sh = 1 + r.nextInt(5);
            int sw = 1 + r.nextInt(5);
            int n = r.nextInt(4);
            int c = 1 + r.nextInt(4);
            DType dtype = r.nextInt(4) == 0 ? DType.F64 : DType.F32;
            double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
            Layout in = n * h * w == 0 ? Layout.PLAIN : layout(r);
            Twin x = Twin.random(r, dtype, in, 1, n, c, h, w);
            Twin y = Twin.output(r, dtype, layout(r), n, c, h * sh, w * sw);
            String what = " by " + sh + "x" + sw + " of " + x.expected();
            reference.upsampleBilinear2d(x.expected(), sh, sw, y.expected());
            card.upsampleBilinear2d(x.actual(), sh, sw, y.actual());
            // weights are rounded, and four products, to which at most three are added
            y.assertClose("bilinear" + what, 0, 4 * unit);

            Twin dy = Twin.random(r, dtype, in, 1, n, c, h * sh, w * sw);
            Twin dx = Twin.output(r, dtype, layout(r), n, c, h, w);
            reference.upsampleBilinear2dGradient(dy.expected(), sh, sw, dx.expected());
            card.upsampleBilinear2dGradient(dy.actual(), sh, sw, dx.actual());
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
            card.upsampleBilinear2d(x.actual(), 1, 3, y.actual());
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
        for (int seed = 0; seed < 40; seed++) {
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
            reference.maxPool2dIndices(x.expected(), 3, 3, g, places.expected());
            card.maxPool2dIndices(x.actual(), 3, 3, g, places.actual());
            places.assertSame("maxPool2dIndices " + g);
        }
    }

    @Test
    void aPoolWindowInThePaddingIsRefused() {
        Random r = new Random(9);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 1, 1, 2, 2);
        Twin places = Twin.output(r, DType.I64, Layout.PLAIN, 1, 1, 6, 6);
        assertThrows(ShapeException.class, () -> card.maxPool2dIndices(x.actual(), 1, 1,
                Conv2dGeometry.of(1, 2), places.actual()));
    }
}
