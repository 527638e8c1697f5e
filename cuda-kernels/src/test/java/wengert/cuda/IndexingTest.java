package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.cuda.Pair.Layout;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.View;

class IndexingTest {
    private static final Backend REFERENCE = Device.REFERENCE.backend();
    private static CudaBackend card;

    @BeforeAll
    static void open() {
        EmulatedDriver.require();
        card = new CudaBackend(0);
    }

    @AfterEach
    void reset() {
        Emulation.reset();
    }

    private static Layout layout(Random random, int rank) {
        return rank < 2 ? Layout.CONTIGUOUS : Layout.values()[random.nextInt(6)];
    }

    /// Random indices below a size, in any layout.
    private static Pair indices(Shape shape, int below, Layout layout, Random random) {
        Pair index = Pair.random(card, DType.I64, shape, layout, random);
        long[] all = index.host().storage().i64();
        for (int i = 0; i < all.length; i++) {
            all[i] = random.nextInt(below);
        }
        card.copy(index.whole().host(), index.whole().card());
        return index;
    }

    private static void gather(Pair x, int axis, Pair index, String what) {
        Pair y = Pair.random(card, x.host().dtype(), index.host().shape(), index.host().shape().rank() < 2
                ? Layout.CONTIGUOUS : Layout.PERMUTED, new Random(1));
        REFERENCE.gather(x.host(), axis, index.host(), y.host());
        card.gather(x.card(), axis, index.card(), y.card());
        y.whole().assertSame(card, 0, what);
        y = Pair.result(card, x.host().dtype(), index.host().shape());
        REFERENCE.gather(x.host(), axis, index.host(), y.host());
        card.gather(x.card(), axis, index.card(), y.card());
        y.assertSame(card, 0, what);
    }

    private static void scatter(Pair x, int axis, Pair index, Pair y, String what) {
        REFERENCE.scatterAdd(x.host(), axis, index.host(), y.host());
        card.scatterAdd(x.card(), axis, index.card(), y.card());
        y.whole().assertSame(card, 2 * index.host().shape().size(axis), what);
    }

    @Test
    void anyAxisLayoutAndKind() {
        Random random = new Random(2);
        for (int i = 0; i < 150; i++) {
            int rank = random.nextInt(1, 5);
            int axis = random.nextInt(rank);
            int[] wide = new int[rank];
            int[] narrow = new int[rank];
            for (int a = 0; a < rank; a++) {
                wide[a] = random.nextInt(1, rank < 3 ? 30 : 6);
                narrow[a] = a == axis ? random.nextInt(1, 40) : random.nextInt(1, wide[a] + 1);
            }
            DType dtype = DType.values()[i % 5];
            Shape source = Shape.of(wide);
            Pair index = indices(Shape.of(narrow), wide[axis], layout(random, rank), random);
            String what = dtype + ", " + source + " along " + axis + " at " + index.host();
            gather(Pair.random(card, dtype, source, layout(random, rank), random), axis, index, what);
            Layout to = rank < 2 || random.nextBoolean() ? Layout.CONTIGUOUS : Layout.EVERY_SECOND;
            scatter(Pair.random(card, dtype, Shape.of(narrow), layout(random, rank), random), axis, index,
                    Pair.random(card, dtype, source, to, random), what);
        }
    }

    @Test
    void wholeRowsMoveInLargePieces() {
        Random random = new Random(3);
        for (DType dtype : DType.values()) {
            Pair table = Pair.random(card, dtype, Shape.of(11, 32), Layout.CONTIGUOUS, random);
            Pair rows = indices(Shape.of(17, 1), 11, Layout.CONTIGUOUS, random);
            Pair index = new Pair(rows.host().expand(Shape.of(17, 32)), rows.card().expand(Shape.of(17, 32)));
            gather(table, 0, index, dtype + " rows");
            scatter(Pair.random(card, dtype, Shape.of(17, 32), Layout.CONTIGUOUS, random), 0, index, table,
                    dtype + " rows");
        }
        assertTrue(Emulation.launches("gather_16") > 0);
    }

    @Test
    void duplicatesAddUpInOrder() {
        // so that another order gives another sum
        double[] terms = new double[500];
        Random random = new Random(4);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = (random.nextBoolean() ? 1 : -1) * Math.scalb(1 + random.nextDouble(),
                    random.nextInt(40));
        }
        float sum = 0;
        for (double term : terms) {
            sum += (float) term;
        }
        Pair x = Pair.given(card, DType.F32, Shape.of(500), terms);
        Pair index = Pair.given(card, DType.I64, Shape.of(500), new double[500]);
        Pair y = Pair.given(card, DType.F32, Shape.of(64), new double[64]);
        card.scatterAdd(x.card(), 0, index.card(), y.card());
        View host = View.of(REFERENCE.allocate(DType.F32, 64), Shape.of(64));
        card.copy(y.card(), host);
        assertEquals(sum, host.storage().f32()[0]);
    }

    @Test
    void emptyOnes() {
        for (DType dtype : DType.values()) {
            Pair x = Pair.given(card, dtype, Shape.of(3, 4), new double[12]);
            Pair none = Pair.given(card, DType.I64, Shape.of(0, 4));
            gather(x, 0, none, "no indices");
            scatter(Pair.given(card, dtype, Shape.of(0, 4)), 0, none, x, "no indices");
        }
    }

    // ---- faults -------------------------------------------------------------------------------------------

    private static String fault(Runnable call) {
        call.run(); // says nothing yet
        IndexException e = assertThrows(IndexException.class, () -> card.synchronize());
        card.synchronize(); // and is told once
        return e.getMessage();
    }

    @Test
    void aFaultIsToldWhereTheProgramWaits() {
        Pair x = Pair.given(card, DType.F32, Shape.of(5, 3), new double[15]);
        Pair index = Pair.given(card, DType.I64, Shape.of(2, 3), 0, 1, 2, 3, 5, -1);
        View y = View.of(card.allocate(DType.F32, 6), Shape.of(2, 3));
        String earlier = " (an earlier call: the card works behind the program); legal are 0 to ";
        assertEquals("gather: index 5 at position [1,1] lies outside of axis 0 of shape [5,3]" + earlier + 4,
                fault(() -> card.gather(x.card(), 0, index.card(), y)));
        assertEquals("scatterAdd: index 5 at position [1,1] lies outside of axis 0 of shape [5,3]"
                + earlier + 4,
                fault(() -> card.scatterAdd(y, 0, index.card(), x.card())));
        assertEquals("scatterAdd: index 3 at position [1,0] lies outside of axis 1 of shape [5,3]"
                + earlier + 2,
                fault(() -> card.scatterAdd(y, 1, index.card(), x.card())));
        View logits = View.of(card.allocate(DType.F32, 9), Shape.of(3, 3));
        card.fill(logits, 0);
        View targets = Pair.given(card, DType.I64, Shape.of(3, 1), 2, -7, 4).card();
        View loss = View.of(card.allocate(DType.F32, 3), Shape.of(3, 1));
        assertEquals("crossEntropy: index -7 at position [1,0] lies outside of axis 1 of shape [3,3]"
                + earlier + 2,
                fault(() -> card.find(SoftmaxKernels.class).crossEntropy(logits, 1, targets, loss)));
    }

    @Test
    void wideIndicesRowsAndNothingToChooseFrom() {
        long wide = (1L << 40) + 3;
        Pair x = Pair.given(card, DType.F32, Shape.of(5, 8), new double[40]);
        Pair rows = Pair.given(card, DType.I64, Shape.of(2, 1), 4, wide);
        View y = View.of(card.allocate(DType.F32, 16), Shape.of(2, 8));
        View index = rows.card().expand(Shape.of(2, 8));
        IndexException e = assertThrows(IndexException.class, () -> {
            card.gather(x.card(), 0, index, y);
            card.synchronize();
        });
        assertEquals(wide, e.index());
        assertArrayEquals(new int[] {1, 0}, e.position());
        View nothing = View.of(card.allocate(DType.F32, 0), Shape.of(0, 8));
        assertEquals(4, assertThrows(IndexException.class, () -> {
            card.gather(nothing, 0, index, y);
            card.synchronize();
        }).index());
        assertEquals(4, assertThrows(IndexException.class, () -> {
            card.scatterAdd(y, 0, index, nothing);
            card.synchronize();
        }).index());
    }

    @Test
    void theFirstFaultIsToldWhateverTheOrderOfThreads() {
        double[] numbers = new double[600];
        numbers[123] = -9;
        for (int i = 124; i < 600; i++) {
            numbers[i] = 70 + i;
        }
        Pair x = Pair.given(card, DType.F32, Shape.of(5), 1, 2, 3, 4, 5);
        Pair index = Pair.given(card, DType.I64, Shape.of(600), numbers);
        View y = View.of(card.allocate(DType.F32, 600), Shape.of(600));
        for (String order : new String[] {"forward", "reverse", "random:3"}) {
            Emulation.set("THREADS", order);
            Emulation.set("BLOCKS", order);
            View host = View.of(REFERENCE.allocate(DType.F32, 600), Shape.of(600));
            card.gather(x.card(), 0, index.card(), y);
            card.gather(x.card(), 0, Pair.given(card, DType.I64, Shape.of(1), 99).card(),
                    View.of(card.allocate(DType.F32, 1), Shape.of(1)));
            IndexException e = assertThrows(IndexException.class, () -> card.copy(y, host));
            assertEquals(-9, e.index());
            assertArrayEquals(new int[] {123}, e.position());
        }
    }
}
