package wengert.tensor.ops;

import static wengert.tensor.ops.Expect.form;
import static wengert.tensor.ops.Expect.refused;
import static wengert.tensor.ops.Expect.truths;
import static wengert.tensor.ops.Expect.values;
import static wengert.tensor.ops.Expect.vector;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

class ComparisonsTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    @Test
    void comparesAsIeee754Says() {
        Tensor a = vector(1, 2, NAN, 0.0, INF);
        Tensor b = vector(2, 2, NAN, -0.0, INF);
        truths(a.eq(b), false, true, false, true, true);
        truths(a.ne(b), true, false, true, false, false);
        truths(a.lt(b), true, false, false, false, false);
        truths(a.le(b), true, true, false, true, true);
        truths(a.gt(b), false, false, false, false, false);
        truths(a.ge(b), false, true, false, true, true);
    }

    @Test
    void numbersTakeTheTensorsDtype() {
        truths(Tensor.of(new float[] {0.1f}, 1).eq(0.1), true);
        truths(vector(0.1f).eq(0.1), false);
    }

    @Test
    void numbersThatAnIntegerCannotHoldAreComparedExactly() {
        Tensor i = Tensor.of(new int[] {0, 1, Integer.MAX_VALUE}, 3);
        truths(i.lt(0.5), true, false, false);
        truths(i.lt(INF), true, true, true);
        truths(i.eq(NAN), false, false, false);
        truths(i.le(1e10), true, true, true);
        truths(Tensor.of(new boolean[] {true, false}, 2).eq(2), false, false);
        truths(Tensor.of(new boolean[] {true, false}, 2).eq(1), true, false);
    }

    @Test
    void dtypesArePromotedAndShapesBroadcast() {
        Tensor y = Tensor.of(new int[] {1, 2}, 2, 1).ge(vector(0, 1.5, 2));
        form(y, DType.BOOL, 2, 3);
        truths(y, true, false, false, true, true, true);
        truths(Tensor.of(new long[] {Long.MAX_VALUE}, 1)
                .eq(Tensor.of(new long[] {Long.MAX_VALUE - 1}, 1)), false);
        refused(() -> Tensor.zeros(2, 3).lt(Tensor.zeros(2)), "lt", "[2,3]", "[2]");
    }

    @Test
    void truthTables() {
        Tensor a = Tensor.of(new boolean[] {true, true, false, false}, 4);
        Tensor b = Tensor.of(new boolean[] {true, false, true, false}, 4);
        truths(a.logicalAnd(b), true, false, false, false);
        truths(a.logicalOr(b), true, true, true, false);
        truths(a.logicalNot(), false, false, true, true);
        truths(vector(0, -0.0, 0.5, NAN).logicalNot(), true, true, false, false);
    }

    @Test
    void nanAndInfinityAreTold() {
        truths(vector(1, NAN, INF, -INF).isNaN(), false, true, false, false);
        truths(vector(1, NAN, INF, -INF).isFinite(), true, false, false, false);
        truths(Tensor.of(new int[] {1}, 1).isFinite(), true);
    }

    @Test
    void whereSelectsWhateverTheOtherBranchHolds() {
        Tensor c = Tensor.of(new boolean[] {true, false, true}, 3);
        values(vector(1, NAN, 3).where(c, vector(INF, 5, NAN)), 1, 5, 3);
        values(vector(INF, INF, INF).where(c, vector(0, 0, 0)), INF, 0, INF);
    }

    @Test
    void whereBroadcastsAllThreeAndPromotes() {
        Tensor c = Tensor.of(new long[] {2, 0}, 2, 1);
        Tensor y = Tensor.of(new int[] {1, 2, 3}, 3).where(c, Tensor.scalar(0.5));
        form(y, DType.F32, 2, 3);
        values(y, 1, 2, 3, 0.5, 0.5, 0.5);
        refused(() -> Tensor.zeros(2).where(Tensor.zeros(3), Tensor.zeros(2)), "where", "[3]", "[2]");
    }

    @Test
    void maskedFillReplacesWhereTheMaskHolds() {
        Tensor mask = Tensor.of(new boolean[] {true, false}, 2);
        values(vector(NAN, 2).maskedFill(mask, -1), -1, 2);
        form(Tensor.zeros(0, 2).maskedFill(mask, 1), DType.F32, 0, 2);
    }
}
