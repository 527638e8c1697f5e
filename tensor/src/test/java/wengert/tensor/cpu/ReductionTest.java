package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// Folds, running sums, extremes' places, gather and scatter-add against the reference.
class ReductionTest {
    private static final int[][] SHAPES = {{}, {1}, {9}, {2500}, {6, 0, 3}, {5, 7}, {3, 4, 5}, {2, 3, 4, 5},
            {2, 300}, {300, 2}, {40, 3, 11, 7}, {3, 9, 1, 33}, {2, 2, 2, 3, 2}, {1200, 19}, {1, 1}};

    @ParameterizedTest
    @EnumSource(ReduceKind.class)
    void foldsAgreeWithTheReference(ReduceKind kind) {
        Random r = new Random(kind.ordinal());
        for (DType dtype : DType.values()) {
            for (int[] shape : SHAPES) {
                for (int axes = 0; axes < 1 << shape.length; axes++) {
                    int[] to = shape.clone();
                    boolean empty = false;
                    for (int a = 0; a < shape.length; a++) {
                        if ((axes >> a & 1) != 0) {
                            empty |= shape[a] == 0;
                            to[a] = 1;
                        }
                    }
                    if (empty && kind != ReduceKind.SUM) {
                        continue;
                    }
                    Layout layout = Layout.values()[r.nextInt(4)];
                    Twin x = Twin.random(r, dtype, layout, 10, shape);
                    Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], to);
                    Twin.REFERENCE.reduce(kind, x.expected(), y.expected());
                    Twin.CPU.reduce(kind, x.actual(), y.actual());
                    String what = kind + " of " + x.expected() + " " + layout + " to " + y.expected();
                    if (dtype == DType.F64) {
                        // both are trees; they may differ in the last bits of the largest partial sum
                        y.assertClose(what, 4, 1e-12);
                    } else {
                        // f32 sums are double sums, rounded once on each side
                        y.assertClose(what, dtype == DType.F32 ? 1 : 0, 0);
                    }
                }
            }
        }
    }

    @Test
    void nanWinsEveryExtreme() {
        double[] numbers = new double[3000];
        numbers[1711] = Double.NaN;
        for (ReduceKind kind : new ReduceKind[] {ReduceKind.MAX, ReduceKind.MIN}) {
            for (DType dtype : new DType[] {DType.F32, DType.F64}) {
                Twin x = Twin.of(dtype, numbers, 3000);
                Twin y = Twin.of(dtype, new double[1], 1);
                Twin.CPU.reduce(kind, x.actual(), y.actual());
                assertEquals(Double.NaN, Twin.numbers(y.actual())[0]);
                Twin columns = Twin.of(dtype, numbers, 300, 10);
                Twin ten = Twin.of(dtype, new double[10], 1, 10);
                Twin.CPU.reduce(kind, columns.actual(), ten.actual());
                assertEquals(Double.NaN, Twin.numbers(ten.actual())[1]);
            }
        }
    }

    @Test
    void aSumHasTheSameBitsWhateverTheStrides() {
        Random r = new Random(3);
        int rows = 2100;
        int columns = 37;
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Twin x = Twin.random(r, dtype, Layout.PLAIN, 1e6, rows, columns);
            Twin byRow = Twin.of(dtype, new double[columns], 1, columns);
            Twin byColumn = Twin.of(dtype, new double[columns], columns, 1);
            Twin.CPU.reduce(ReduceKind.SUM, x.actual(), byRow.actual());
            View turned = x.actual().permute(1, 0);
            View copy = View.of(Twin.CPU.allocate(dtype, rows * columns), turned.shape());
            Twin.CPU.copy(turned, copy);
            Twin.CPU.reduce(ReduceKind.SUM, copy, byColumn.actual());
            assertArrayEquals(Twin.numbers(byRow.actual()), Twin.numbers(byColumn.actual()));
        }
    }

    @Test
    void aResultMayLieInPieces() {
        Random r = new Random(5);
        for (int[] shape : new int[][] {{3, 5, 1300}, {2, 37, 600}, {70, 3, 16}, {5, 40, 1024}}) {
            for (DType dtype : new DType[] {DType.F32, DType.F64}) {
                for (ReduceKind kind : ReduceKind.values()) {
                    View x = Twin.random(r, dtype, Layout.PLAIN, 1e6, shape).actual();
                    View turned = x.permute(1, 0, 2);
                    View whole = View.of(Twin.CPU.allocate(dtype, shape[0] * shape[1] * shape[2]),
                            turned.shape());
                    Twin.CPU.copy(turned, whole);
                    Twin y = Twin.of(dtype, new double[shape[1]], 1, shape[1], 1);
                    Twin want = Twin.of(dtype, new double[shape[1]], shape[1], 1, 1);
                    Twin.CPU.reduce(kind, x, y.actual());
                    Twin.CPU.reduce(kind, whole, want.actual());
                    assertArrayEquals(Twin.numbers(want.actual()), Twin.numbers(y.actual()));
                }
            }
        }
    }

    @Test
    void variancesAgreeWithTheReference() {
        MomentKernels reference = Twin.REFERENCE.find(MomentKernels.class);
        MomentKernels cpu = Twin.CPU.find(MomentKernels.class);
        Random r = new Random(6);
        for (int[] shape : SHAPES) {
            for (int axes = 0; axes < 1 << shape.length; axes++) {
                int[] to = shape.clone();
                for (int a = 0; a < shape.length; a++) {
                    to[a] = (axes >> a & 1) != 0 ? 1 : to[a];
                }
                for (DType dtype : new DType[] {DType.F32, DType.F64}) {
                    Layout layout = Layout.values()[r.nextInt(4)];
                    Twin x = Twin.random(r, dtype, layout, 10, shape);
                    Twin mean = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], to);
                    Twin var = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], to);
                    reference.variance(x.expected(), 3, mean.expected(), var.expected());
                    cpu.variance(x.actual(), 3, mean.actual(), var.actual());
                    String what = " of " + x.expected() + " " + layout + " to " + var.expected();
                    // distances in double: what a sum of them loses lies far below a float's last digit
                    mean.assertClose("mean" + what, 1, dtype == DType.F32 ? 1e-14 : 1e-13);
                    var.assertClose("variance" + what, dtype == DType.F32 ? 1 : 256, 0);
                }
            }
        }
    }

    @Test
    void aVarianceLosesNothingToWhereItsNumbersLie() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            int n = 2000;
            int w = 9;
            double[] rows = new double[w * n];
            double[] columns = new double[w * n];
            for (int c = 0; c < w; c++) {
                for (int i = 0; i < n; i++) {
                    // the first one far off; around a million; all equal
                    double v = c % 3 == 0 ? i == 0 ? 1e6 : i % 2 : c % 3 == 1 ? 1e6 + i % 2 : 0.1f;
                    rows[c * n + i] = v;
                    columns[i * w + c] = v;
                }
            }
            for (int axis = 0; axis < 2; axis++) {
                Twin x = axis == 1 ? Twin.of(dtype, rows, w, n) : Twin.of(dtype, columns, n, w);
                int[] to = axis == 1 ? new int[] {w, 1} : new int[] {1, w};
                Twin mean = Twin.of(dtype, new double[w], to);
                Twin var = Twin.of(dtype, new double[w], to);
                Twin.REFERENCE.find(MomentKernels.class).variance(x.expected(), n, mean.expected(),
                        var.expected());
                Twin.CPU.find(MomentKernels.class).variance(x.actual(), n, mean.actual(), var.actual());
                mean.assertClose("mean", 1, 0);
                var.assertClose("variance", dtype == DType.F32 ? 1 : 64, 0);
                assertEquals(0.25, Twin.numbers(var.actual())[1], 1e-9);
                assertEquals(0, Twin.numbers(var.actual())[2]);
                assertEquals(0.1f, Twin.numbers(mean.actual())[2]);
            }
        }
    }

    @Test
    void aSumOfMillionsKeepsEveryDigitOfAFloat() {
        int n = 3_000_001;
        float[] x = new float[n];
        java.util.Arrays.fill(x, 0.1f);
        View v = View.of(new wengert.tensor.spi.Storage(wengert.tensor.spi.Device.CPU, DType.F32, n, x),
                wengert.tensor.spi.Shape.of(n));
        Twin y = Twin.of(DType.F32, new double[1], 1);
        Twin.CPU.reduce(ReduceKind.SUM, v, y.actual());
        assertEquals((float) (n * (double) 0.1f), (float) Twin.numbers(y.actual())[0]);
    }

    @Test
    void alongAnAxisKernelsAgreeWithTheReference() {
        Random r = new Random(4);
        for (DType dtype : DType.values()) {
            for (int[] shape : SHAPES) {
                for (int axis = 0; axis < shape.length; axis++) {
                    alongAnAxis(r, dtype, shape, axis);
                }
            }
        }
    }

    private static void alongAnAxis(Random r, DType dtype, int[] shape, int axis) {
        Twin x = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 3, shape);
        Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        Twin.REFERENCE.cumulativeSum(x.expected(), axis, y.expected());
        Twin.CPU.cumulativeSum(x.actual(), axis, y.actual());
        String where = " along " + axis + " of " + x.expected();
        y.assertClose("cumulativeSum" + where, dtype.isFloating() ? 1 : 0, 0);
        if (shape[axis] == 0) {
            return;
        }
        int[] one = shape.clone();
        one[axis] = 1;
        for (ReduceKind kind : new ReduceKind[] {ReduceKind.MAX, ReduceKind.MIN}) {
            Twin place = Twin.output(r, DType.I64, Layout.values()[r.nextInt(3)], one);
            Twin.REFERENCE.argReduce(kind, x.expected(), axis, place.expected());
            Twin.CPU.argReduce(kind, x.actual(), axis, place.actual());
            place.assertSame("argReduce " + kind + where);
        }
        int[] chosen = shape.clone();
        chosen[axis] = 1 + r.nextInt(2 * shape[axis]);
        int count = 1;
        for (int size : chosen) {
            count *= size;
        }
        double[] places = new double[count];
        for (int i = 0; i < count; i++) {
            places[i] = r.nextInt(shape[axis]);
        }
        Twin index = Twin.of(DType.I64, places, chosen);
        Twin picked = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], chosen);
        Twin.REFERENCE.gather(x.expected(), axis, index.expected(), picked.expected());
        Twin.CPU.gather(x.actual(), axis, index.actual(), picked.actual());
        picked.assertSame("gather" + where);

        Twin addends = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 3, chosen);
        Twin sums = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        Twin.REFERENCE.scatterAdd(addends.expected(), axis, index.expected(), sums.expected());
        Twin.CPU.scatterAdd(addends.actual(), axis, index.actual(), sums.actual());
        // at most 2·size additions of numbers below 3 to one below 77, each rounded in the dtype
        double bound = (dtype == DType.F32 ? 0x1p-24 : 0x1p-53) * 2 * shape[axis] * (77 + 6.0 * shape[axis]);
        sums.assertClose("scatterAdd" + where, 0, dtype.isFloating() ? bound : 0);
    }

    @Test
    void anIndexOutsideOfTheAxisIsRefusedAndNothingIsWritten() {
        Random r = new Random(5);
        Twin y = Twin.random(r, DType.F32, Layout.PLAIN, 1, 4, 3);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 2, 3);
        double[] before = Twin.numbers(y.actual());
        for (double bad : new double[] {-1, 4, 1L << 40}) {
            Twin index = Twin.of(DType.I64, new double[] {0, 1, 2, 3, 0, bad}, 2, 3);
            ShapeException e = assertThrows(ShapeException.class,
                    () -> Twin.CPU.scatterAdd(x.actual(), 0, index.actual(), y.actual()));
            assertEquals("scatterAdd: index " + (long) bad
                    + " at position [1,2] lies outside of axis 0 of shape [4,3]; legal are 0 to 3",
                    e.getMessage());
            assertThrows(ShapeException.class, () -> Twin.CPU.gather(y.actual(), 0, index.actual(),
                    x.actual()));
        }
        assertArrayEquals(before, Twin.numbers(y.actual()));
    }
}
