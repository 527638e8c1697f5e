package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

class ProductsTest {
    private static final View A = view(DType.F64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    private static final View B = view(DType.F64, Shape.of(3, 2), 7, 8, 9, 10, 11, 12);

    private static double[] matmul(View a, View b, int... sizes) {
        View y = empty(a.dtype(), sizes);
        BACKEND.matmul(a, b, y);
        return values(y);
    }

    @Test
    void rowsTimesColumns() {
        assertArrayEquals(new double[] {58, 64, 139, 154}, matmul(A, B, 2, 2));
        assertArrayEquals(new double[] {39, 54, 69, 49, 68, 87, 59, 82, 105}, matmul(B, A, 3, 3));
    }

    @Test
    void transposedFlippedAndExpandedOperands() {
        assertArrayEquals(new double[] {14, 32, 32, 77}, matmul(A, A.permute(1, 0), 2, 2));
        assertArrayEquals(new double[] {39, 49, 59, 54, 68, 82, 69, 87, 105},
                matmul(A.permute(1, 0), B.permute(1, 0), 3, 3));
        assertArrayEquals(new double[] {50, 56, 131, 146},
                matmul(A, B.flip(0), 2, 2)); // [1,2,3]·[11,9,7] = 50, [1,2,3]·[12,10,8] = 56, …
        View ones = view(DType.F64, Shape.SCALAR, 1).expand(Shape.of(3, 2));
        assertArrayEquals(new double[] {6, 6, 15, 15}, matmul(A, ones, 2, 2));
        View y = empty(DType.F64, 2, 2).permute(1, 0).flip(0);
        BACKEND.matmul(A, B, y);
        assertArrayEquals(new double[] {58, 64, 139, 154}, values(y));
    }

    @Test
    void leadingAxesRunTogether() {
        View a = Given.ramp(DType.F64, Shape.of(2, 2, 1, 2), 1, 100, 0, 1); // 0 … 7
        View b = view(DType.F64, Shape.of(2, 1), 1, 10).expand(Shape.of(2, 2, 2, 1));
        assertArrayEquals(new double[] {10, 32, 54, 76}, matmul(a, b, 2, 2, 1, 1));
        assertArrayEquals(new double[] {54, 76, 10, 32}, matmul(a.flip(0), b, 2, 2, 1, 1));
    }

    @Test
    void emptySums() {
        View y = view(DType.F64, Shape.of(2, 2), 9, 9, 9, 9);
        BACKEND.matmul(empty(DType.F64, 2, 0), empty(DType.F64, 0, 2), y);
        assertArrayEquals(new double[4], values(y));
        assertArrayEquals(new double[0], matmul(empty(DType.F64, 0, 3), B, 0, 2));
        assertArrayEquals(new double[0], matmul(A, empty(DType.F64, 3, 0), 2, 0));
        View batch = empty(DType.F64, 0, 2, 2);
        assertArrayEquals(new double[0], matmul(batch, batch, 0, 2, 2));
    }

    @Test
    void integersAndFloats() {
        View a = view(DType.I64, Shape.of(1, 2), 3, 1);
        View b = view(DType.I64, Shape.of(2, 1), 3002399751580331.0, 2); // 3·that + 2 = 2^53 + 3
        View y = empty(DType.I64, 1, 1);
        BACKEND.matmul(a, b, y);
        assertArrayEquals(new long[] {(1L << 53) + 3}, y.storage().i64());
        View c = view(DType.F32, Shape.of(1, 3), 1e8, 1, -1e8);
        View d = view(DType.F32, Shape.of(3, 1), 1, 1, 1);
        assertArrayEquals(new double[] {1}, matmul(c, d, 1, 1)); // sums in double
    }
}
