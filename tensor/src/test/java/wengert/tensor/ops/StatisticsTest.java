package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.ops.Expect.form;
import static wengert.tensor.ops.Expect.values;
import static wengert.tensor.ops.Expect.vector;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

class StatisticsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;
    private static final Tensor X = Tensor.of(new double[] {1, 2, 3, 4, 4, 10}, 2, 3);

    @Test
    void varianceWithEitherCorrection() {
        values(X.var(1, 1), 1, 12);
        values(X.var(0, 1), 2.0 / 3, 8);
        values(X.std(1, -1), 1, Math.sqrt(12));
        values(X.var(0), 50.0 / 6);
        form(X.varKeep(1, 1), DType.F64, 2, 1);
        form(X.stdKeep(1), DType.F64, 1, 1);
        form(X.var(0, 0, 1), DType.F64);
    }

    /// op-03 e
    @Test
    void varianceOfOneValue() {
        values(vector(7).var(1), NAN);
        values(vector(7).var(0), 0);
        values(vector(7).std(0), 0);
        values(Tensor.zeros(0).var(1), NAN);
    }

    @Test
    void equalValuesHaveNoSpreadAtAll() {
        for (double c : new double[] {3, 0.1, 1e10 / 3, -1e-9}) {
            for (int n : new int[] {3, 7, 100}) {
                double[] same = new double[n];
                Arrays.fill(same, c);
                assertEquals(0, vector(same).std(1).item());
                assertEquals(0, vector(same).to(DType.F32).std(1).item());
            }
        }
    }

    @Test
    void varianceOfLargeNumbersThatDifferLittle() {
        values(vector(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16).var(1), 30);
    }

    @Test
    void norms() {
        values(Tensor.of(new double[] {3, 4, 0, 0}, 2, 2).norm(1), 5, 0);
        values(X.norm(), Math.sqrt(146));
        form(X.normKeep(0), DType.F64, 1, 3);
        values(Tensor.zeros(0).norm(), 0);
    }

    @Test
    void exponentialsDoNotOverflow() {
        Tensor x = Tensor.of(new double[] {1000, 1000, -1000, -1000}, 2, 2);
        values(x.logSumExp(1), 1000 + Math.log(2), -1000 + Math.log(2));
        values(x.softmax(1), 0.5, 0.5, 0.5, 0.5);
        values(x.logSoftmax(-1), -Math.log(2), -Math.log(2), -Math.log(2), -Math.log(2));
        values(vector(0, 800).logSoftmax(0), -800, 0);
        form(x.logSumExpKeep(), DType.F64, 1, 1);
    }

    @Test
    void infinitiesInExponentials() {
        values(vector(-INF, -INF).logSumExp(), -INF);
        values(vector(INF, 1).logSumExp(), INF);
        values(vector(-INF, 0).softmax(0), 0, 1);
        values(Tensor.zeros(2, 0).logSumExp(1), -INF, -INF);
    }

    @Test
    void nothingAlongOtherAxes() {
        form(Tensor.zeros(0, 3).softmax(1), DType.F32, 0, 3);
        form(Tensor.zeros(3, 0).softmax(1), DType.F32, 3, 0);
        form(Tensor.zeros(0, 3).std(1, 1), DType.F32, 0);
    }
}
