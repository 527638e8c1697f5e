package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.cuda.Pair.Layout;
import wengert.cuda.driver.CudaException;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

class ReductionsTest {
    private static final Backend REFERENCE = Device.REFERENCE.backend();
    private static CudaBackend card;

    @BeforeAll
    static void open() {
        EmulatedDriver.require();
        card = new CudaBackend(0);
    }

    /// Of rank 1 only what Pair can do with one axis.
    private static Layout layout(Random random, int rank) {
        return rank < 2 ? Layout.CONTIGUOUS : Layout.values()[random.nextInt(Layout.values().length)];
    }

    private static Pair result(DType dtype, Shape shape, Random random) {
        Layout layout = shape.rank() < 2 || random.nextBoolean() ? Layout.CONTIGUOUS : Layout.PERMUTED;
        return Pair.random(card, dtype, shape, layout, random);
    }

    private static void reduce(ReduceKind kind, Pair x, Pair y, String what) {
        REFERENCE.reduce(kind, x.host(), y.host());
        card.reduce(kind, x.card(), y.card());
        int terms = kind == ReduceKind.SUM
                ? (int) (x.host().shape().elements() / Math.max(1, y.host().shape().elements())) : 0;
        y.whole().assertSame(card, terms, what);
    }

    private static void reduce(ReduceKind kind, DType dtype, Layout layout, Shape shape, Random random,
            int... axes) {
        Shape folded = shape.reduced(shape.mark(axes), true);
        Pair x = Pair.random(card, dtype, shape, layout, random);
        reduce(kind, x, result(dtype, folded, random),
                kind + " " + dtype + " " + shape + " " + layout + " to " + folded);
    }

    private static Shape shape(Random random, int rank, int most) {
        int[] sizes = new int[rank];
        for (int a = 0; a < rank; a++) {
            sizes[a] = random.nextInt(4) == 0 ? 1 : random.nextInt(1, most);
        }
        return Shape.of(sizes);
    }

    @Test
    void anyAxesOfAnyStridesAndKinds() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            int rank = random.nextInt(5);
            Shape shape = shape(random, rank, rank < 3 ? 40 : 7);
            int[] axes = random.ints(0, Math.max(1, rank)).limit(rank == 0 ? 0 : random.nextInt(rank + 1))
                    .distinct().toArray();
            reduce(ReduceKind.values()[i % 3], DType.values()[i % 5], layout(random, rank), shape, random,
                    axes);
        }
    }

    @Test
    void theUsualShapes() {
        Random random = new Random(2);
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            for (ReduceKind kind : ReduceKind.values()) {
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(70, 13), random, 0); // columns
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(9, 300), random, 1); // rows, in packs
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(9, 301), random, 1); // rows, odd
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(4, 5, 8, 8), random, 0, 2, 3); // channels
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(4, 5, 7, 7), random, 0, 2, 3);
                reduce(kind, dtype, Layout.PERMUTED, Shape.of(5, 8, 8, 4), random, 0, 1, 2);
                reduce(kind, dtype, Layout.INSIDE_WIDER_ROWS, Shape.of(8, 32), random, 1);
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(3, 4, 5, 36), random, 1);
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(300, 3), random, 1); // three of a thread
            }
        }
    }

    @Test
    void fewResultsOfManyElementsAreSharedByBlocks() {
        Random random = new Random(3);
        for (DType dtype : DType.values()) {
            for (ReduceKind kind : ReduceKind.values()) {
                reduce(kind, dtype, Layout.CONTIGUOUS, Shape.of(20_001), random, 0);
                reduce(kind, dtype, Layout.PERMUTED, Shape.of(3, 7000), random, 1);
            }
        }
        reduce(ReduceKind.SUM, DType.F32, Layout.CONTIGUOUS, Shape.of(40_000), random, 0); // in packs
        assertTrue(Emulation.launches("reduce_SUM_f32_finish") > 0);
    }

    @Test
    void nothingSumsToZeroAndNoResultsAreNone() {
        Random random = new Random(4);
        for (DType dtype : DType.values()) {
            reduce(ReduceKind.SUM, dtype, Layout.CONTIGUOUS, Shape.of(3, 0), random, 1);
            reduce(ReduceKind.SUM, dtype, Layout.CONTIGUOUS, Shape.of(0, 4), random, 1);
            reduce(ReduceKind.SUM, dtype, Layout.CONTIGUOUS, Shape.of(0), random, 0);
        }
    }

    @Test
    void nanWinsAndZerosHaveSigns() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Pair x = Pair.given(card, dtype, Shape.of(5, 4), 1, Double.NaN, 3, 2, -0.0, 0, -0.0, -0.0, 0,
                    -0.0, 0,
                    0, -1 / 0.0, -1 / 0.0, -1 / 0.0, -1 / 0.0, 1 / 0.0, 1, 1, 1 / 0.0);
            for (ReduceKind kind : ReduceKind.values()) {
                reduce(kind, x, Pair.result(card, dtype, Shape.of(5, 1)), kind + " of special numbers");
                reduce(kind, x, Pair.result(card, dtype, Shape.of(1, 4)), kind + " of special columns");
            }
            View signs = Pair.result(card, dtype, Shape.of(5, 1)).card();
            card.reduce(ReduceKind.MAX, x.card(), signs);
            card.unary(UnaryKind.RECIPROCAL, 0, 0, signs, signs);
            assertEquals(Double.POSITIVE_INFINITY, numbers(signs)[1], "the larger of the zeros is +0");
            card.reduce(ReduceKind.MIN, x.card(), signs);
            card.unary(UnaryKind.RECIPROCAL, 0, 0, signs, signs);
            assertEquals(Double.NEGATIVE_INFINITY, numbers(signs)[1], "the smaller of the zeros is -0");
        }
    }

    private static double[] numbers(View v) {
        View host = View.of(REFERENCE.allocate(DType.F64, v.shape().length()), v.shape());
        card.copy(v, host);
        return host.storage().f64();
    }

    @Test
    void moreAxesThanAKernelTakes() {
        Random random = new Random(5);
        Shape shape = Shape.of(2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2);
        for (DType dtype : new DType[] {DType.F32, DType.I32}) {
            reduce(ReduceKind.SUM, dtype, Layout.EVERY_SECOND, shape, random, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            reduce(ReduceKind.MAX, dtype, Layout.EVERY_SECOND, shape, random, 3);
            reduce(ReduceKind.SUM, dtype, Layout.BACKWARDS, shape, random, 0, 3, 5, 7, 9);
        }
        assertEquals(0, taken(), "scratch memory went back");
    }

    /// Bytes that are taken by nobody the test can name.
    private static long taken() {
        CudaBackend fresh = new CudaBackend(0);
        Pair x = Pair.random(fresh, DType.F32, Shape.of(2, 2, 2, 2, 2, 2, 2, 2, 2, 2), Layout.EVERY_SECOND,
                new Random(1));
        Pair y = Pair.result(fresh, DType.F32, Shape.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
        long before = fresh.memory().taken();
        fresh.reduce(ReduceKind.SUM, x.card(), y.card());
        return fresh.memory().taken() - before;
    }

    @Test
    void scratchMemoryGoesBackWhereALaunchFails() {
        CudaBackend fresh = new CudaBackend(0); // nothing of which the garbage collector could give back
        Random random = new Random(12);
        Pair x = Pair.random(fresh, DType.F32, Shape.of(20_001), Layout.CONTIGUOUS, random);
        Pair y = Pair.result(fresh, DType.F32, Shape.of(1));
        Pair sums = Pair.result(fresh, DType.F32, Shape.of(20_001));
        long before = fresh.memory().taken();
        try {
            for (int nth = 1; nth <= 2; nth++) {
                Emulation.fail("cuLaunchKernel", nth, 1);
                assertThrows(CudaException.class, () -> fresh.reduce(ReduceKind.SUM, x.card(), y.card()));
                Emulation.fail("cuLaunchKernel", nth, 1);
                assertThrows(CudaException.class, () -> fresh.cumulativeSum(x.card(), 0, sums.card()));
                assertEquals(before, fresh.memory().taken());
            }
        } finally {
            Emulation.reset();
        }
        reduce(ReduceKind.SUM, Pair.random(card, DType.F32, Shape.of(20_001), Layout.CONTIGUOUS, random),
                Pair.result(card, DType.F32, Shape.of(1)), "afterwards");
    }

    @Test
    void aSumHasTheSameBitsOnAnyCard() {
        Random random = new Random(6);
        Pair x = Pair.random(card, DType.F32, Shape.of(3, 9001), Layout.CONTIGUOUS, random);
        Emulation.set("MULTIPROCESSORS", "3");
        try {
            CudaBackend small = new CudaBackend(0);
            View y = View.of(card.allocate(DType.F32, 3), Shape.of(3, 1));
            View z = View.of(card.allocate(DType.F32, 3), Shape.of(3, 1));
            card.reduce(ReduceKind.SUM, x.card(), y);
            card.synchronize(); // the other has a stream of its own
            small.reduce(ReduceKind.SUM, x.card(), z);
            small.synchronize();
            assertArrayEquals(numbers(y), numbers(z));
        } finally {
            Emulation.reset();
        }
    }

    // ---- places of extremes -------------------------------------------------------------------------------

    private static void arg(ReduceKind kind, Pair x, int axis, String what) {
        Pair y = Pair.result(card, DType.I64, x.host().shape().with(axis, 1));
        REFERENCE.argReduce(kind, x.host(), axis, y.host());
        card.argReduce(kind, x.card(), axis, y.card());
        y.assertSame(card, 0, what);
    }

    @Test
    void theFirstOfEqualsAlongAnyAxis() {
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            int rank = random.nextInt(1, 5);
            Shape shape = shape(random, rank, rank < 3 ? 60 : 6);
            DType dtype = DType.values()[i % 5];
            Layout layout = layout(random, rank);
            Pair whole = Pair.random(card, dtype.isFloating() ? DType.I32 : dtype, shape, layout, random);
            Pair x = whole;
            if (dtype.isFloating()) { // whole numbers, so that there are equal ones
                x = Pair.result(card, dtype, shape);
                REFERENCE.copy(whole.host(), x.host());
                card.copy(whole.card(), x.card());
            }
            int axis = random.nextInt(rank);
            ReduceKind kind = i % 2 == 0 ? ReduceKind.MAX : ReduceKind.MIN;
            arg(kind, x, axis, kind + " " + dtype + " " + shape + " " + layout + " along " + axis);
        }
    }

    @Test
    void theFirstNanAndLongLines() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Pair x = Pair.given(card, dtype, Shape.of(4, 3), 1, Double.NaN, Double.NaN, -0.0, 0, -0.0,
                    Double.NaN,
                    1 / 0.0, 5, -1 / 0.0, -1 / 0.0, -1 / 0.0);
            for (ReduceKind kind : new ReduceKind[] {ReduceKind.MAX, ReduceKind.MIN}) {
                arg(kind, x, 0, "special numbers");
                arg(kind, x, 1, "special numbers");
                arg(kind, Pair.random(card, dtype, Shape.of(2, 9001), Layout.CONTIGUOUS, new Random(8)), 1,
                        "long");
            }
            double[] late = new double[9001];
            late[7777] = Double.NaN;
            late[8000] = Double.NaN;
            arg(ReduceKind.MAX, Pair.given(card, dtype, Shape.of(9001), late), 0, "a late NaN");
            arg(ReduceKind.MIN, Pair.given(card, dtype, Shape.of(9001), late), 0, "a late NaN");
        }
        Pair ends = Pair.given(card, DType.I64, Shape.of(3), Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);
        arg(ReduceKind.MAX, ends, 0, "ends of the range");
        arg(ReduceKind.MIN, ends, 0, "ends of the range");
    }

    // ---- running sums -------------------------------------------------------------------------------------

    private static void scan(DType dtype, Layout layout, Shape shape, int axis, Random random) {
        Pair x = Pair.random(card, dtype, shape, layout, random);
        Pair y = result(dtype, shape, random);
        REFERENCE.cumulativeSum(x.host(), axis, y.host());
        card.cumulativeSum(x.card(), axis, y.card());
        y.whole().assertSame(card, shape.size(axis), dtype + " " + shape + " " + layout + " along " + axis);
    }

    @Test
    void runningSumsAlongAnyAxis() {
        Random random = new Random(9);
        for (int i = 0; i < 80; i++) {
            int rank = random.nextInt(1, 5);
            Shape shape = shape(random, rank, rank < 3 ? 90 : 6);
            scan(DType.values()[i % 5], layout(random, rank), shape, random.nextInt(rank), random);
        }
        for (DType dtype : DType.values()) {
            scan(dtype, Layout.CONTIGUOUS, Shape.of(2, 20_003), 1, random); // several blocks a line
            scan(dtype, Layout.CONTIGUOUS, Shape.of(70, 300), 0, random); // a thread a line
            scan(dtype, Layout.CONTIGUOUS, Shape.of(0, 3), 0, random);
            scan(dtype, Layout.CONTIGUOUS, Shape.of(3, 0), 0, random);
        }
    }

    // ---- variance -----------------------------------------------------------------------------------------

    private static void variance(Pair x, Shape folded, double divisor, String what) {
        Pair mean = Pair.result(card, x.host().dtype(), folded);
        Pair var = Pair.result(card, x.host().dtype(), folded);
        REFERENCE.find(MomentKernels.class).variance(x.host(), divisor, mean.host(), var.host());
        card.find(MomentKernels.class).variance(x.card(), divisor, mean.card(), var.card());
        mean.assertSame(card, 6, what + ": mean");
        var.assertSame(card, 6, what + ": variance");
    }

    @Test
    void varianceOverAnyAxes() {
        Random random = new Random(10);
        for (int i = 0; i < 80; i++) {
            int rank = random.nextInt(1, 5);
            Shape shape = shape(random, rank, rank < 3 ? 60 : 6);
            int[] axes = random.ints(0, rank).limit(random.nextInt(rank + 1)).distinct().toArray();
            DType dtype = i % 2 == 0 ? DType.F32 : DType.F64;
            Layout layout = layout(random, rank);
            Shape folded = shape.reduced(shape.mark(axes), true);
            double n = (double) shape.elements() / folded.elements();
            variance(Pair.random(card, dtype, shape, layout, random), folded, n,
                    dtype + " " + shape + " " + layout + " to " + folded);
        }
        variance(Pair.random(card, DType.F32, Shape.of(2, 40_000), Layout.CONTIGUOUS, random), Shape.of(2, 1),
                39_999, "several blocks");
        variance(Pair.random(card, DType.F64, Shape.of(9000, 3), Layout.CONTIGUOUS, random), Shape.of(1, 3),
                9000,
                "several blocks of columns");
        variance(Pair.random(card, DType.F64, Shape.of(0, 3), Layout.CONTIGUOUS, random), Shape.of(1, 3), 1,
                "nothing");
        variance(Pair.random(card, DType.F64, Shape.of(5, 1), Layout.CONTIGUOUS, random), Shape.of(5, 1), 0,
                "one number, divisor 0");
    }

    @Test
    void varianceOfEqualNumbersIsZeroAndFarOnesKeepTheirDigits() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            double[] equal = new double[3001];
            Arrays.fill(equal, 0.1f);
            Pair x = Pair.given(card, dtype, Shape.of(3001), equal);
            View mean = View.of(card.allocate(dtype, 1), Shape.of(1));
            View var = View.of(card.allocate(dtype, 1), Shape.of(1));
            card.find(MomentKernels.class).variance(x.card(), 3000, mean, var);
            assertEquals((double) 0.1f, numbers(mean)[0]);
            assertEquals(0.0, numbers(var)[0]);

            double[] far = new double[3001];
            Random random = new Random(11);
            for (int i = 0; i < far.length; i++) {
                far[i] = 1e6 + (i == 0 ? 0 : 1 + random.nextInt(64) / 32.0);
            }
            Pair y = Pair.given(card, dtype, Shape.of(3001), far);
            Pair m = Pair.result(card, dtype, Shape.of(1));
            Pair v = Pair.result(card, dtype, Shape.of(1));
            REFERENCE.find(MomentKernels.class).variance(y.host(), 3001, m.host(), v.host());
            card.find(MomentKernels.class).variance(y.card(), 3001, m.card(), v.card());
            v.assertSame(card, 6, "variance of numbers around a million");
        }
        Pair special = Pair.given(card, DType.F64, Shape.of(3, 3), 1, 1 / 0.0, 2, Double.NaN, 1, 2, 1, 2,
                1 / 0.0);
        variance(special, Shape.of(3, 1), 3, "infinite and NaN");
    }
}
