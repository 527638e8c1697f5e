package wengert.tensor.ops;

import static wengert.tensor.ops.Expect.form;
import static wengert.tensor.ops.Expect.refused;
import static wengert.tensor.ops.Expect.truths;
import static wengert.tensor.ops.Expect.values;
import static wengert.tensor.ops.Expect.vector;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

class ReductionsTest {
    private static final double NAN = Double.NaN;
    private static final Tensor X = Tensor.of(new double[] {1, 5, 2, 4, 0, 3}, 2, 3);

    @Test
    void withoutAxesOverAllWithNoneOverNothing() {
        values(X.sum(), 15);
        values(X.mean(), 2.5);
        values(X.max(), 5);
        values(X.min(), 0);
        values(X.amax(), 5);
        form(X.sum(), DType.F64);
        form(X.sum(Axes.NONE), DType.F64, 2, 3);
        values(X.amax(Axes.NONE), 1, 5, 2, 4, 0, 3);
        form(X.sumKeep(), DType.F64, 1, 1);
        form(X.amaxKeep(), DType.F64, 1, 1);
        form(X.meanKeep(), DType.F64, 1, 1);
    }

    @Test
    void axesMayBeNegativeAndStay() {
        values(X.sum(-1), 8, 7);
        values(X.amax(0), 4, 5, 3);
        values(X.amin(-1), 1, 0);
        values(X.mean(0, 1), 2.5);
        form(X.amaxKeep(-1), DType.F64, 2, 1);
        form(X.sumKeep(0), DType.F64, 1, 3);
    }

    @Test
    void axesThatAreNamedTwiceOrMissingAreRefused() {
        refused(() -> X.sum(1, -1), "axis -1", "twice", "[2,3]");
        refused(() -> X.amax(0, 0), "axis 0", "twice");
        refused(() -> X.mean(2), "axis 2", "[2,3]", "-2 to 1");
        refused(() -> X.var(1, -3), "axis -3");
        refused(() -> Tensor.scalar(1).cumsum(0), "axis 0");
        refused(() -> X.softmax(5), "axis 5");
    }

    @Test
    void ofNothing() {
        Tensor nothing = Tensor.zeros(2, 0);
        values(nothing.sum(), 0);
        values(nothing.sum(1), 0, 0);
        values(nothing.mean(1), NAN, NAN);
        form(nothing.amax(0), DType.F32, 0);
        refused(() -> nothing.amax(1), "amax", "axis 1", "[2,0]", "empty");
        refused(nothing::min, "amin", "[2,0]");
        refused(() -> nothing.argmax(1), "argmax", "[2,0]");
        form(nothing.argmax(0), DType.I64, 0);
    }

    @Test
    void nanWins() {
        Tensor x = Tensor.of(new double[] {1, NAN, 3, 3, 2, 1}, 2, 3);
        values(x.amax(1), NAN, 3);
        values(x.amin(1), NAN, 1);
        values(x.argmax(1), 1, 0);
        values(x.argmin(1), 1, 2);
    }

    @Test
    void placesAreTheFirstOfEquals() {
        Tensor x = Tensor.of(new int[] {3, 7, 7, 1, 1, 2}, 2, 3);
        form(x.argmax(1), DType.I64, 2);
        values(x.argmax(1), 1, 2);
        values(x.argmin(-1), 0, 0);
        form(x.argmaxKeep(0), DType.I64, 1, 3);
        values(x.argmaxKeep(0), 0, 0, 0);
        form(x.argminKeep(1), DType.I64, 2, 1);
    }

    @Test
    void integersAddUpAsI64AndKeepTheirExtremes() {
        Tensor x = Tensor.of(new int[] {Integer.MAX_VALUE, 1}, 2);
        form(x.sum(), DType.I64);
        values(x.sum(), Integer.MAX_VALUE + 1.0);
        form(x.cumsum(0), DType.I64, 2);
        form(x.max(), DType.I32);
        form(x.mean(), DType.F32);
        values(Tensor.of(new boolean[] {true, true, false}, 3).sum(), 2);
    }

    @Test
    void runningSumsGoAlongOneAxisOfAnyView() {
        values(X.cumsum(1), 1, 6, 8, 4, 4, 7);
        values(X.cumsum(0), 1, 5, 2, 5, 5, 5);
        values(X.transpose(0, 1).cumsum(-1), 1, 5, 5, 5, 2, 5);
        form(Tensor.zeros(2, 0).cumsum(1), DType.F32, 2, 0);
    }

    @Test
    void allAndAny() {
        Tensor x = Tensor.of(new boolean[] {true, true, true, false, false, false}, 3, 2);
        truths(x.all(1), true, false, false);
        truths(x.any(-1), true, true, false);
        truths(x.all(), false);
        truths(x.any(), true);
        truths(Tensor.zeros(0).all(), true);
        truths(Tensor.zeros(0).any(), false);
        truths(vector(0, 2).any(), true);
    }

    @Test
    void foldsReadViewsInTheirOwnOrder() {
        Tensor t = X.transpose(0, 1);
        values(t.sum(0), 8, 7);
        values(t.amax(1), 4, 5, 3);
        values(t.argmin(0), 0, 1);
        values(X.expand(2, 2, 3).sum(0), 2, 10, 4, 8, 0, 6);
    }
}
