package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.tensor.ops.Expect.form;
import static wengert.tensor.ops.Expect.refused;
import static wengert.tensor.ops.Expect.values;
import static wengert.tensor.ops.Expect.vector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.IndexException;

class IndexingTest {
    private static final Tensor X = Tensor.of(new double[] {0, 1, 2, 10, 11, 12}, 2, 3);

    private static Tensor whole(int... values) {
        return Tensor.of(values, values.length);
    }

    @Test
    void gatherPicksForEveryPlaceByItsOwnIndex() {
        values(X.gather(1, Tensor.of(new long[] {2, 2, 0, 1}, 2, 2)), 2, 2, 10, 11);
        values(X.gather(0, Tensor.of(new int[] {1, 0}, 1, 2)), 10, 1);
        values(X.transpose(0, 1).gather(-1, Tensor.of(new long[] {1}, 1, 1)), 10);
        form(X.gather(1, Tensor.of(new long[0], 2, 0)), DType.F64, 2, 0);
    }

    @Test
    void anIndexThatDoesNotExistIsNamedWithItsPlace() {
        refused(() -> X.gather(1, Tensor.of(new long[] {0, 1, 2, 3}, 2, 2)), "gather", "index 3", "[1,1]",
                "axis 1", "[2,3]", "0 to 2");
        refused(() -> X.gather(1, Tensor.of(new long[] {-1}, 1, 1)), "index -1");
        refused(() -> Tensor.zeros(0, 3).embedding(whole(0)), "legal are none");
        refused(() -> X.scatterAdd(1, Tensor.of(new long[] {0, 9}, 1, 2), Tensor.zeros(1, 2)), "index 9");
        values(X, 0, 1, 2, 10, 11, 12);
    }

    @Test
    void anIndexIsToldByTheOperatorThatWasCalledAndWhereItStoodInWhatItWasGiven() {
        told(() -> X.indexSelect(-1, whole(0, 3)),
                "indexSelect: index 3 at position [1] lies outside of axis -1 of shape [2,3]; "
                        + "legal are 0 to 2");
        told(() -> X.indexAdd(0, whole(0, 2), Tensor.zeros(2, 3)),
                "indexAdd: index 2 at position [1] lies outside of axis 0 of shape [2,3]; legal are 0 to 1");
        told(() -> X.embedding(Tensor.of(new long[] {0, 1, 5, 0}, 2, 2)),
                "embedding: index 5 at position [1,0] lies outside of axis 0 of shape [2,3]; "
                        + "legal are 0 to 1");
        told(() -> X.embedding(Tensor.of(new long[] {-1})),
                "embedding: index -1 lies outside of axis 0 of shape [2,3]; legal are 0 to 1");
        told(() -> X.index(whole(0, 2)),
                "index: index 2 at position [1] lies outside of axis 0 of shape [2,3]; legal are 0 to 1");
        told(() -> X.index(whole(0), whole(0, 3)),
                "index: index 3 at position [1] lies outside of axis 1 of shape [2,3]; legal are 0 to 2");
        told(() -> Tensor.of(new long[] {0, 1, 4, 0}, 2, 2).oneHot(4),
                "oneHot: index 4 at position [1,0] is not one of 4 classes; legal are 0 to 3");
        refused(() -> X.indexAdd(0, whole(0, 1), Tensor.zeros(2, 2)), "indexAdd", "[2,3]", "[2,2]");
    }

    private static void told(Executable code, String message) {
        assertEquals(message, assertThrows(IndexException.class, code).getMessage());
    }

    @Test
    void indicesMustBeWholeNumbersOfAFittingShape() {
        refused(() -> X.gather(1, vector(1)), "gather", "f64", "whole");
        refused(() -> X.indexSelect(0, Tensor.of(new boolean[] {true}, 1)), "bool", "maskedSelect");
        refused(() -> X.gather(1, whole(1)), "gather", "[1]", "[2,3]");
        refused(() -> X.gather(1, Tensor.of(new int[3], 3, 1)), "gather", "[3,1]", "[2,3]", "axis 1");
        refused(() -> X.indexSelect(0, Tensor.of(new int[1], 1, 1)), "indexSelect", "[1,1]");
        refused(() -> X.scatterAdd(1, Tensor.of(new int[2], 2, 1), Tensor.zeros(1, 2)), "scatterAdd", "[1,2]",
                "[2,1]");
        refused(() -> X.index(), "index", "1 to 2");
        refused(() -> Tensor.scalar(1).embedding(whole(0)), "embedding", "scalar");
    }

    @Test
    void scatterAddAddsUpWhatMeets() {
        Tensor y = X.scatterAdd(1, Tensor.of(new long[] {1, 1, 0, 2}, 2, 2),
                Tensor.of(new double[] {5, 7, 1, 2}, 2, 2));
        values(y, 0, 13, 2, 11, 11, 14);
        values(X, 0, 1, 2, 10, 11, 12);
    }

    @Test
    void wholeSlices() {
        Tensor y = X.indexSelect(1, whole(2, 0, 2));
        form(y, DType.F64, 2, 3);
        values(y, 2, 0, 2, 12, 10, 12);
        values(X.indexAdd(1, whole(1, 1), Tensor.ones(2, 2)), 0, 3, 2, 10, 13, 12);
        form(X.indexSelect(-1, whole()), DType.F64, 2, 0);
        form(Tensor.of(new int[] {4, 5}, 2).indexSelect(0, whole(1)), DType.I32, 1);
    }

    @Test
    void rowsOfATable() {
        Tensor y = X.embedding(Tensor.of(new long[] {1, 0, 1, 1}, 2, 2));
        form(y, DType.F64, 2, 2, 3);
        values(y.sum(2), 33, 3, 33, 33);
        form(X.embedding(Tensor.of(new long[] {1})), DType.F64, 3);
    }

    @Test
    void tuplesOfIndicesBroadcast() {
        values(X.index(whole(1, 0), whole(2, 1)), 12, 1);
        Tensor y = X.index(Tensor.of(new int[] {0, 1}, 2, 1), whole(2, 0));
        form(y, DType.F64, 2, 2);
        values(y, 2, 0, 12, 10);
        form(X.index(whole(1, 1, 0)), DType.F64, 3, 3);
        Tensor cube = Tensor.of(new double[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, 2, 2);
        values(cube.index(whole(1), whole(0), whole(1)), 5);
        values(cube.index(whole(1, 0), whole(0, 1)), 4, 5, 2, 3);
    }

    @Test
    void masksSelectInRowMajorOrder() {
        values(X.maskedSelect(X.gt(1.5)), 2, 10, 11, 12);
        values(X.transpose(0, 1).maskedSelect(X.transpose(0, 1).gt(1.5)), 10, 11, 2, 12);
        form(X.maskedSelect(X.gt(99)), DType.F64, 0);
        values(Tensor.scalar(3).maskedSelect(Tensor.of(new boolean[] {true})), 3);
        refused(() -> X.maskedSelect(Tensor.zeros(3)), "maskedSelect", "[2,3]", "[3]");
    }

    @Test
    void oneHotRows() {
        Tensor y = Tensor.of(new long[] {2, 0}, 2, 1).oneHot(3);
        form(y, DType.F32, 2, 1, 3);
        values(y, 0, 0, 1, 1, 0, 0);
    }
}
