package wengert.tensor.cpu;

import java.util.Random;
import org.junit.jupiter.api.Test;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;

/// Products against the reference: sizes around the register tile, strides, batches, nothing at all.
class MatmulTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 31, 33, 64, 65, 100, 130};

    @Test
    void oddSizesAndStridesAgreeWithTheReference() {
        Random r = new Random(1);
        for (int i = 0; i < 300; i++) {
            int m = SIZES[r.nextInt(SIZES.length)];
            int n = SIZES[r.nextInt(SIZES.length)];
            int k = SIZES[r.nextInt(SIZES.length)];
            Layout left = Layout.values()[r.nextInt(4)];
            Layout right = Layout.values()[r.nextInt(4)];
            for (DType dtype : new DType[] {DType.F32, DType.F64}) {
                check(Twin.random(r, dtype, left, 1, m, k), Twin.random(r, dtype, right, 1, k, n),
                        Twin.output(r, dtype, Layout.values()[r.nextInt(3)], m, n));
            }
        }
    }

    @Test
    void tinyOnesWithWholeVectorsOfColumnsAgreeWithTheReference() {
        Random r = new Random(5);
        for (int m : new int[] {1, 2, 3, 4, 5, 8, 11}) {
            for (int n : new int[] {4, 8, 16, 24, 32, 48}) {
                for (int k : new int[] {1, 3, 16, 29}) {
                    check(Twin.random(r, DType.F32, Layout.values()[r.nextInt(4)], 1, m, k),
                            Twin.random(r, DType.F32, Layout.values()[r.nextInt(4)], 1, k, n),
                            Twin.output(r, DType.F32, Layout.values()[r.nextInt(3)], m, n));
                }
            }
        }
    }

    @Test
    void manySlicesOfTermsAddUp() {
        Random r = new Random(2);
        for (int[] s : new int[][] {{5, 9, 1000}, {200, 300, 513}, {97, 259, 256}, {1, 1, 5000},
                {3, 700, 300}}) {
            for (Layout layout : new Layout[] {Layout.PLAIN, Layout.ODD}) {
                check(Twin.random(r, DType.F32, layout, 1, s[0], s[2]),
                        Twin.random(r, DType.F32, layout, 1, s[2], s[1]),
                        Twin.output(r, DType.F32, Layout.PLAIN, s[0], s[1]));
                check(Twin.random(r, DType.F64, layout, 1, s[0], s[2]),
                        Twin.random(r, DType.F64, layout, 1, s[2], s[1]),
                        Twin.output(r, DType.F64, Layout.PLAIN, s[0], s[1]));
            }
        }
    }

    @Test
    void panelsWithAnyNumberOfRowsLeftOverAgreeWithTheReference() {
        Random r = new Random(6);
        for (int m : new int[] {6, 7, 8, 9, 10, 11, 12, 13, 14, 97, 98, 99, 101, 520}) {
            for (int k : new int[] {9, 256, 270}) {
                for (Layout layout : Layout.values()) {
                    check(Twin.random(r, DType.F32, layout, 1, m, k),
                            Twin.random(r, DType.F32, layout, 1, k, 150),
                            Twin.output(r, DType.F32, Layout.PLAIN, m, 150));
                }
            }
        }
    }

    @Test
    void batchesMayBeStridedAndRepeated() {
        Random r = new Random(3);
        for (DType dtype : DType.values()) {
            for (Layout layout : Layout.values()) {
                check(Twin.random(r, dtype, layout, 3, 3, 2, 5, 7),
                        Twin.random(r, dtype, layout, 3, 3, 2, 7, 6),
                        Twin.output(r, dtype, layout, 3, 2, 5, 6));
            }
            check(Twin.random(r, dtype, Layout.PLAIN, 3, 40, 33, 20),
                    Twin.random(r, dtype, Layout.ODD, 3, 40, 20, 34),
                    Twin.output(r, dtype, Layout.PLAIN, 40, 33, 34));
        }
    }

    @Test
    void nothingTimesNothing() {
        Random r = new Random(4);
        for (DType dtype : DType.values()) {
            check(Twin.random(r, dtype, Layout.PLAIN, 1, 3, 0), Twin.random(r, dtype, Layout.PLAIN, 1, 0, 4),
                    Twin.output(r, dtype, Layout.PLAIN, 3, 4));
            check(Twin.random(r, dtype, Layout.PLAIN, 1, 0, 5), Twin.random(r, dtype, Layout.PLAIN, 1, 5, 4),
                    Twin.output(r, dtype, Layout.PLAIN, 0, 4));
            check(Twin.random(r, dtype, Layout.PLAIN, 1, 0, 3, 5),
                    Twin.random(r, dtype, Layout.PLAIN, 1, 0, 5, 4), Twin.output(r, dtype, Layout.PLAIN, 0, 3,
                            4));
        }
    }

    private static void check(Twin a, Twin b, Twin y) {
        Twin.REFERENCE.matmul(a.expected(), b.expected(), y.expected());
        Twin.CPU.matmul(a.actual(), b.actual(), y.actual());
        DType dtype = y.expected().dtype();
        // k terms of at most 9 each: k roundings of partial sums that stay below 9k, in truth about √k
        int k = a.expected().shape().size(-1);
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        y.assertClose("matmul of " + a.expected() + " and " + b.expected(), 1,
                dtype.isFloating() ? unit * 9 * k * Math.sqrt(k) : 0);
    }
}
