package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.f64;
import static wengert.tensor.reference.Given.i64;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

class IndexingTest {
    private static final View X = view(DType.F64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);

    private static double[] gather(View x, int axis, View index) {
        View y = empty(x.dtype(), index.shape().toArray());
        BACKEND.gather(x, axis, index, y);
        return values(y);
    }

    @Test
    void gatherPicksAlongTheAxis() {
        View index = view(DType.I64, Shape.of(2, 4), 2, 0, 0, 1, 1, 1, 2, 0);
        assertArrayEquals(new double[] {3, 1, 1, 2, 5, 5, 6, 4}, gather(X, 1, index));
        assertArrayEquals(new double[] {4, 2, 6}, gather(X, 0, view(DType.I64, Shape.of(1, 3), 1, 0, 1)));
        assertArrayEquals(new double[] {3}, gather(X, 1, view(DType.I64, Shape.of(1, 1), 2)));
        assertArrayEquals(new double[] {6, 4, 4, 5, 2, 2, 3, 1}, gather(X.flip(0), 1, index));
        View one = i64(1).expand(Shape.of(2, 3));
        assertArrayEquals(new double[] {2, 2, 2, 5, 5, 5}, gather(X, 1, one));
        assertArrayEquals(new double[0], gather(X, 1, empty(DType.I64, 2, 0)));
        assertArrayEquals(new double[] {Long.MAX_VALUE}, gather(i64(1, Long.MAX_VALUE), 0, i64(1)));
    }

    @Test
    void scatterAddsUpDuplicates() {
        View y = f64(10, 20, 30);
        BACKEND.scatterAdd(f64(1, 2, 4, 8), 0, i64(0, 2, 0, 2), y);
        assertArrayEquals(new double[] {15, 20, 40}, values(y));
        View wide = empty(DType.F64, 2, 4).flip(1);
        BACKEND.scatterAdd(X, 1, view(DType.I64, Shape.of(2, 3), 3, 3, 0, 1, 1, 1), wide);
        assertArrayEquals(new double[] {3, 0, 0, 3, 0, 15, 0, 0}, values(wide));
        View smaller = empty(DType.F64, 3, 3);
        BACKEND.scatterAdd(X, 0, view(DType.I64, Shape.of(2, 3), 2, 2, 2, 0, 2, 1), smaller);
        assertArrayEquals(new double[] {4, 0, 0, 0, 0, 6, 1, 7, 3}, values(smaller));
        View exact = i64(1L << 53);
        BACKEND.scatterAdd(i64(1, 1, 1), 0, i64(0, 0, 0), exact);
        assertEquals((1L << 53) + 3, exact.storage().i64()[0]);
        View kept = f64(1, 2);
        BACKEND.scatterAdd(empty(DType.F64, 0), 0, empty(DType.I64, 0), kept);
        assertArrayEquals(new double[] {1, 2}, values(kept));
    }

    @Test
    void manySmallAddendsAreRoundedOnce() {
        View y = view(DType.F32, Shape.of(1), 1);
        int n = 1000;
        View tiny = view(DType.F32, Shape.of(1), 0x1p-25).expand(Shape.of(n));
        BACKEND.scatterAdd(tiny, 0, i64(0).expand(Shape.of(n)), y);
        assertEquals((float) (1 + n * 0x1p-25), y.storage().f32()[0]);
    }

    @Test
    void indicesOutsideOfTheAxisAreNamedAndNothingIsWritten() {
        View index = view(DType.I64, Shape.of(2, 2), 0, 1, 3, 0);
        var e = assertThrows(ShapeException.class, () -> gather(X, 1, index));
        assertEquals("gather: index 3 at position [1,0] lies outside of axis 1 of shape [2,3]; "
                + "legal are 0 to 2", e.getMessage());
        View y = f64(1, 2);
        e = assertThrows(ShapeException.class, () -> BACKEND.scatterAdd(f64(5, 5), 0, i64(0, -1), y));
        assertEquals("scatterAdd: index -1 at position [1] lies outside of axis 0 of shape [2]; "
                + "legal are 0 to 1", e.getMessage());
        assertArrayEquals(new double[] {1, 2}, values(y));
        assertThrows(ShapeException.class, () -> gather(X, 1, i64(1L << 32).expand(Shape.of(2, 1))));
    }
}
