package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.f64;
import static wengert.tensor.reference.Given.i64;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

class ReductionsTest {
    private static final double NAN = Double.NaN;

    private static double[] reduce(ReduceKind kind, View x, int... sizes) {
        View y = empty(x.dtype(), sizes);
        BACKEND.reduce(kind, x, y);
        return values(y);
    }

    private static double[] arg(ReduceKind kind, View x, int axis) {
        View y = empty(DType.I64, x.shape().with(axis, 1).toArray());
        BACKEND.argReduce(kind, x, axis, y);
        return values(y);
    }

    private static View cube() {
        return Given.ramp(DType.F64, Shape.of(2, 3, 2), 1, 100, 0, 1); // 0 … 11
    }

    @Test
    void anyAxesFold() {
        assertArrayEquals(new double[] {66}, reduce(ReduceKind.SUM, cube(), 1, 1, 1));
        assertArrayEquals(new double[] {15, 51}, reduce(ReduceKind.SUM, cube(), 2, 1, 1));
        assertArrayEquals(new double[] {14, 22, 30}, reduce(ReduceKind.SUM, cube(), 1, 3, 1));
        assertArrayEquals(new double[] {6, 9, 24, 27}, reduce(ReduceKind.SUM, cube(), 2, 1, 2));
        assertArrayEquals(values(cube()), reduce(ReduceKind.SUM, cube(), 2, 3, 2));
        assertArrayEquals(new double[] {10, 11}, reduce(ReduceKind.MAX, cube(), 1, 1, 2));
        assertArrayEquals(new double[] {0, 6}, reduce(ReduceKind.MIN, cube(), 2, 1, 1));
    }

    @Test
    void stridesOfBothSidesCount() {
        View flipped = cube().permute(2, 0, 1).flip(1); // [c, 1 − a, b]
        assertArrayEquals(new double[] {24, 6, 27, 9}, reduce(ReduceKind.SUM, flipped, 2, 2, 1));
        View y = empty(DType.F64, 2, 3).permute(1, 0).flip(0);
        BACKEND.reduce(ReduceKind.SUM, f64(1, 2, 3).expand(Shape.of(2, 3)).permute(1, 0), y);
        assertArrayEquals(new double[] {1, 1, 2, 2, 3, 3}, values(y));
        assertArrayEquals(new double[] {4000}, reduce(ReduceKind.SUM, f64(4).expand(Shape.of(1000)), 1));
    }

    @Test
    void scalarsAndNothing() {
        assertArrayEquals(new double[] {5}, reduce(ReduceKind.SUM, view(DType.F64, Shape.SCALAR, 5)));
        assertArrayEquals(new double[] {5}, reduce(ReduceKind.MAX, view(DType.F64, Shape.SCALAR, 5)));
        assertArrayEquals(new double[] {0, 0}, reduce(ReduceKind.SUM, empty(DType.F64, 2, 0), 2, 1));
        assertArrayEquals(new double[] {0, 0}, reduce(ReduceKind.SUM, empty(DType.I64, 2, 0), 2, 1));
        assertArrayEquals(new double[0], reduce(ReduceKind.MAX, empty(DType.F64, 0, 3), 0, 1));
    }

    @Test
    void nanWins() {
        View x = view(DType.F64, Shape.of(2, 3), 1, NAN, 3, 4, 6, 5);
        assertArrayEquals(new double[] {NAN, 6}, reduce(ReduceKind.MAX, x, 2, 1));
        assertArrayEquals(new double[] {NAN, 4}, reduce(ReduceKind.MIN, x, 2, 1));
        assertArrayEquals(new double[] {1, 1}, arg(ReduceKind.MAX, x, 1));
        assertArrayEquals(new double[] {1, 0}, arg(ReduceKind.MIN, x, 1));
        assertArrayEquals(new double[] {1}, arg(ReduceKind.MAX, f64(2, NAN, NAN, 9), 0));
        assertArrayEquals(new double[] {0}, arg(ReduceKind.MIN, f64(NAN, -9, NAN), 0));
    }

    @Test
    void firstOfEqualsIsTheArgument() {
        assertArrayEquals(new double[] {1}, arg(ReduceKind.MAX, f64(1, 3, 3, 2), 0));
        assertArrayEquals(new double[] {2}, arg(ReduceKind.MIN, f64(1, 3, 0, 0), 0));
        assertArrayEquals(new double[] {0}, arg(ReduceKind.MIN, f64(0.0, -0.0), 0)); // equal by IEEE
        assertArrayEquals(new double[] {1}, arg(ReduceKind.MAX, f64(2, 3, 3, 1).flip(0), 0));
        assertArrayEquals(new double[] {1, 0, 1}, arg(ReduceKind.MAX,
                view(DType.I32, Shape.of(2, 3), 1, 5, 2, 4, 5, 6), 0));
        long big = (1L << 53) + 1;
        assertArrayEquals(new double[] {1}, arg(ReduceKind.MAX, i64(big - 1, big), 0));
        assertArrayEquals(new double[] {1}, arg(ReduceKind.MIN, i64(Long.MAX_VALUE, Long.MIN_VALUE), 0));
    }

    @Test
    void integersAddExactlyAndWrap() {
        View y = empty(DType.I64, 1);
        long big = (1L << 53) + 1;
        BACKEND.reduce(ReduceKind.SUM, i64(big, big, big), y);
        assertEquals(3 * big, y.storage().i64()[0]);
        BACKEND.reduce(ReduceKind.MAX, i64(big - 1, big), y);
        assertEquals(big, y.storage().i64()[0]);
        View x = view(DType.I32, Shape.of(2), Integer.MAX_VALUE, 1);
        assertArrayEquals(new double[] {Integer.MIN_VALUE}, reduce(ReduceKind.SUM, x, 1));
        View truth = view(DType.BOOL, Shape.of(3), 0, 1, 0);
        assertArrayEquals(new double[] {1}, reduce(ReduceKind.MAX, truth, 1));
        assertArrayEquals(new double[] {0}, reduce(ReduceKind.MIN, truth, 1));
    }

    @Test
    void manyFloatsAddUpWithoutDrift() {
        View tenth = view(DType.F32, Shape.of(1), 0.1f).expand(Shape.of(1_000_000));
        assertEquals((float) (0.1f * 1e6), reduce(ReduceKind.SUM, tenth, 1)[0]);
        View doubles = f64(0.1).expand(Shape.of(1_000_000));
        assertEquals(1e5, reduce(ReduceKind.SUM, doubles, 1)[0], 1e-10); // one by one it is off by 1.3e-6
    }

    @Test
    void runningSums() {
        View y = empty(DType.F64, 2, 3);
        View x = view(DType.F64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        BACKEND.cumulativeSum(x, 1, y);
        assertArrayEquals(new double[] {1, 3, 6, 4, 9, 15}, values(y));
        BACKEND.cumulativeSum(x.flip(0), 0, y);
        assertArrayEquals(new double[] {4, 5, 6, 5, 7, 9}, values(y));
        BACKEND.cumulativeSum(x, 1, y.flip(1));
        assertArrayEquals(new double[] {6, 3, 1, 15, 9, 4}, values(y));
        View whole = empty(DType.I64, 2);
        BACKEND.cumulativeSum(i64(Long.MAX_VALUE, -1), 0, whole);
        assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1}, whole.storage().i64());
        BACKEND.cumulativeSum(empty(DType.F64, 0, 2), 0, empty(DType.F64, 0, 2));
        BACKEND.cumulativeSum(empty(DType.F64, 0, 2), 1, empty(DType.F64, 0, 2));
    }
}
