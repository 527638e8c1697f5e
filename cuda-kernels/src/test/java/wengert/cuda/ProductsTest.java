package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.cuda.Pair.Layout;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

class ProductsTest {
    private static final Layout DENSE = Layout.CONTIGUOUS;

    private static CudaBackend card;

    @BeforeAll
    static void open() {
        EmulatedDriver.require();
        card = new CudaBackend(0);
    }

    @AfterEach
    void reset() {
        System.clearProperty("wengert.cuda.product");
    }

    private static void check(DType dtype, int[] lead, int m, int n, int k, Layout left, Layout right,
            Layout to, Random random) {
        Pair a = Pair.random(card, dtype, join(lead, m, k), left, random);
        Pair b = Pair.random(card, dtype, join(lead, k, n), right, random);
        Pair y = to == DENSE ? Pair.result(card, dtype, join(lead, m, n))
                : Pair.random(card, dtype, join(lead, m, n), to, random);
        Device.REFERENCE.backend().matmul(a.host(), b.host(), y.host());
        card.matmul(a.card(), b.card(), y.card());
        // what stands between the elements of a strided result must have stayed, too
        String what = dtype + " " + y.host().shape() + ", k " + k + ", " + left + " " + right + " " + to;
        Pair whole = to == DENSE ? y : y.whole();
        whole.assertSame(card, k, what);
    }

    private static Shape join(int[] lead, int m, int n) {
        int[] sizes = java.util.Arrays.copyOf(lead, lead.length + 2);
        sizes[lead.length] = m;
        sizes[lead.length + 1] = n;
        return Shape.of(sizes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublas", "own"})
    void anySizesAndStridesGiveTheReferencesNumbers(String product) {
        System.setProperty("wengert.cuda.product", product);
        Random random = new Random(1);
        Layout[] layouts = Layout.values();
        for (int i = 0; i < 60; i++) {
            int[] lead = new int[i % 4];
            for (int axis = 0; axis < lead.length; axis++) {
                lead[axis] = random.nextInt(1, 4);
            }
            Layout to = layouts[i % 3 == 0 ? random.nextInt(layouts.length - 1) : 0];
            check(i % 2 == 0 ? DType.F32 : DType.F64, lead, random.nextInt(1, 9), random.nextInt(1, 9),
                    random.nextInt(1, 20), layouts[random.nextInt(layouts.length)],
                    layouts[random.nextInt(layouts.length)], to, random);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublas", "own"})
    void severalTilesAndTheirTails(String product) {
        System.setProperty("wengert.cuda.product", product);
        Random random = new Random(2);
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            check(dtype, new int[0], 65, 130, 33, DENSE, Layout.PERMUTED, DENSE, random);
            check(dtype, new int[] {2}, 1, 67, 16, Layout.PERMUTED, DENSE, Layout.PERMUTED, random);
            check(dtype, new int[] {3}, 66, 1, 17, Layout.REPEATED, Layout.REPEATED, DENSE, random);
        }
    }

    @Test
    void integersAndTruthValuesMultiply() {
        Random random = new Random(3);
        for (DType dtype : new DType[] {DType.I32, DType.I64, DType.BOOL}) {
            for (Layout layout : Layout.values()) {
                check(dtype, new int[] {2, 2}, 5, 7, 19, layout, DENSE, DENSE, random);
                check(dtype, new int[0], 70, 3, 4, DENSE, layout, Layout.PERMUTED, random);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublas", "own"})
    void noTermsGiveZerosAndNoRowsGiveNothing(String product) {
        System.setProperty("wengert.cuda.product", product);
        Random random = new Random(4);
        for (DType dtype : DType.values()) {
            check(dtype, new int[] {2}, 3, 4, 0, DENSE, DENSE, DENSE, random);
            check(dtype, new int[] {0}, 3, 4, 2, DENSE, DENSE, DENSE, random);
            check(dtype, new int[0], 0, 4, 2, DENSE, DENSE, DENSE, random);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublas", "own"})
    void tenLeadingAxesThatDoNotMerge(String product) {
        System.setProperty("wengert.cuda.product", product);
        int[] lead = {2, 1, 2, 2, 1, 2, 2, 2, 2, 2};
        Random random = new Random(5);
        check(DType.F32, lead, 2, 3, 2, Layout.EVERY_SECOND, Layout.BACKWARDS, DENSE, random);
        check(DType.F32, lead, 2, 3, 2, Layout.PERMUTED, DENSE, Layout.PERMUTED, random);
    }

    @Test
    void scratchMemoryGoesBack() {
        Random random = new Random(6);
        check(DType.F32, new int[] {3}, 4, 5, 6, DENSE, DENSE, DENSE, random);
        Pair a = Pair.random(card, DType.F32, Shape.of(3, 4, 6), Layout.BACKWARDS, random);
        Pair b = Pair.random(card, DType.F32, Shape.of(3, 6, 5), Layout.EVERY_SECOND, random);
        Pair y = Pair.result(card, DType.F32, Shape.of(3, 4, 5));
        long before = card.memory().taken();
        card.matmul(a.card(), b.card(), y.card());
        assertEquals(before, card.memory().taken());
    }
}
