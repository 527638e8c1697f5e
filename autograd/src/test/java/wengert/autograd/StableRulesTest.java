package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

/// Gradients where a careless rule loses digits, divides by zero or multiplies zero by infinity.
class StableRulesTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    /// f and its first derivatives at one point, each as the gradient of the one before.
    private static double[] derivatives(UnaryOperator<Variable> f, double at, int orders, DType dtype) {
        Variable x = Variable.of(Tensor.full(at, dtype)).requiresGrad(true);
        Variable y = f.apply(x);
        double[] values = new double[orders + 1];
        values[0] = y.value().item();
        for (int n = 1; n <= orders; n++) {
            y = Autograd.of(y).createGraph(true).materializeGrads(true).grad(x).get(0);
            values[n] = y.value().item();
            if (!y.requiresGrad()) {
                break; // the higher ones are structurally zero
            }
        }
        return values;
    }

    private static void assertRelative(double want, double got, double tolerance, String what) {
        assertTrue(Math.abs(got - want) <= tolerance * Math.abs(want), what + ": " + got + ", expected "
                + want);
    }

    /// op-04
    @Test
    void softplusKeepsItsDigitsAtEveryOrderFarFromZero() {
        double[][] rows = {
            {-800, 0, 0, 0, 0},
            {-40, 4.24835425529e-18, 4.24835425529e-18, 4.24835425529e-18, 4.24835425529e-18},
            {-20.5, 1.25015286561e-09, 1.25015286482e-09, 1.25015286326e-09, 1.25015286014e-09},
            {-1, 0.313261687518, 0.26894142137, 0.196611933241, 0.0908577476729},
            {0, 0.69314718056, 0.5, 0.25, 0},
            {1, 1.31326168752, 0.73105857863, 0.196611933241, -0.0908577476729},
            {20.5, 20.5000000013, 0.99999999875, 1.25015286326e-09, -1.25015286014e-09},
            {40, 40, 1, 4.24835425529e-18, -4.24835425529e-18},
            {800, 800, 1, 0, 0}};
        for (double[] row : rows) {
            double[] f = derivatives(Variable::softplus, row[0], 3, DType.F64);
            for (int n = 0; n <= 3; n++) {
                // the table has 12 digits
                assertRelative(row[n + 1], f[n], 5e-12, "order " + n + " at " + row[0]);
            }
        }
    }

    /// op-04: beyond the table's digits, against e^−40 (1 − 3e^−40 …), which is the same for all orders.
    @Test
    void softplusIsExactToTheLastDigitsAt40() {
        double s = Math.exp(-40) / (1 + Math.exp(-40));
        double[] right = derivatives(Variable::softplus, 40, 3, DType.F64);
        double[] left = derivatives(Variable::softplus, -40, 3, DType.F64);
        assertRelative(s, right[2], 1e-12, "f'' at 40");
        assertRelative(-s, right[3], 1e-12, "f''' at 40");
        for (int n = 0; n <= 3; n++) {
            assertRelative(s, left[n], 1e-12, "order " + n + " at -40");
        }
    }

    /// op-04
    @Test
    void inF32SoftplusKeepsItsSignAndIsNeverNaN() {
        double[] right = derivatives(Variable::softplus, 40, 3, DType.F32);
        assertTrue(right[2] > 0 && right[3] < 0, right[2] + ", " + right[3]);
        for (double x : new double[] {-800, -104, -40, 40, 104, 800}) {
            for (double d : derivatives(Variable::softplus, x, 3, DType.F32)) {
                assertFalse(Double.isNaN(d), "at " + x);
            }
        }
    }

    @Test
    void sigmoidTanhAndLogSigmoidDoNotSaturate() {
        double s = Math.exp(-40) / (1 + Math.exp(-40));
        assertRelative(s, derivatives(Variable::sigmoid, 40, 1, DType.F64)[1], 1e-12, "sigmoid' at 40");
        assertRelative(-s, derivatives(Variable::sigmoid, 40, 2, DType.F64)[2], 1e-12, "sigmoid'' at 40");
        assertRelative(s, derivatives(Variable::logSigmoid, 40, 1, DType.F64)[1], 1e-12, "logSigmoid' at 40");
        assertRelative(-s, derivatives(Variable::logSigmoid, 40, 2, DType.F64)[2], 1e-12,
                "logSigmoid'' at 40");
        double t = 4 * Math.exp(-40); // sech² 20
        assertRelative(t, derivatives(Variable::tanh, 20, 1, DType.F64)[1], 1e-12, "tanh' at 20");
        assertRelative(-2 * t, derivatives(Variable::tanh, 20, 2, DType.F64)[2], 1e-12, "tanh'' at 20");
    }

    /// op-01 a
    @Test
    void whereSelectsTheGradientToo() {
        Variable a = leaf(1, 2, 3);
        Variable b = leaf(4, 5, 6);
        Tensor c = Tensor.of(new boolean[] {true, false, true}, 3);
        a.where(c, b).backward(Tensor.of(new double[] {INF, 7, NAN}, 3));
        assertGrad(a, INF, 0, NAN);
        assertGrad(b, 0, 7, 0);
    }

    /// op-01 b
    @Test
    void aBranchThatIsNotChosenCannotBringInNaN() {
        Variable x = leaf(-2, 0.5, 1000);
        Tensor left = x.value().le(0);
        Variable zero = leaf(0);
        Variable y = x.where(left, zero).exp().where(left, x.add(1));
        double e = Math.exp(-2);
        assertValue(y.value(), e, 1.5, 1001);
        double[][] expected = {{e, 1, 1}, {e, 0, 0}, {e, 0, 0}};
        for (double[] row : expected) {
            y = Autograd.of(y.sum()).createGraph(true).grad(x).get(0);
            assertValue(y.value(), row);
        }
    }

    /// op-01, the rest of its kind: whatever selects must not multiply.
    @Test
    void masksSelectWhateverComesFromAbove() {
        Tensor up = Tensor.of(new double[] {INF, NAN, INF}, 3);
        Variable x = leaf(-1, -2, 3);
        x.relu().backward(up);
        assertGrad(x, 0, 0, INF);
        Variable c = leaf(-2, 5, 0.5);
        c.clamp(-1, 1).backward(up);
        assertGrad(c, 0, 0, INF);
        Variable m = leaf(1, 2, 3);
        m.maskedFill(Tensor.of(new boolean[] {true, true, false}, 3), 0).backward(up);
        assertGrad(m, 0, 0, INF);
        Variable p = leaf(1, 2, 3);
        Variable q = leaf(2, 3, 1);
        p.maximum(q).backward(up);
        assertGrad(p, 0, 0, INF);
        assertGrad(q, INF, NAN, 0);
        Variable z = leaf(0);
        z.abs().backward(Tensor.of(new double[] {INF}, 1));
        assertGrad(z, 0);
        Variable top = leaf(1, 5, 2);
        top.max().backward(Tensor.of(new double[] {INF}));
        assertGrad(top, 0, INF, 0);
    }

    @Test
    void eluDoesNotOverflowWhereItIsTheIdentity() {
        double[] f = derivatives(x -> x.elu(1), 1000, 3, DType.F64);
        assertEquals(1, f[1]);
        assertEquals(0, f[2]);
        assertEquals(0, f[3]);
        assertRelative(0.5 * Math.exp(-2), derivatives(x -> x.elu(0.5), -2, 3, DType.F64)[3], 1e-12,
                "elu'''");
    }

    @Test
    void slopesAtKinks() {
        assertEquals(0, derivatives(Variable::relu, 0, 1, DType.F64)[1]);
        assertEquals(0.2, derivatives(x -> x.leakyRelu(0.2), 0, 1, DType.F64)[1]);
        assertEquals(-0.5, derivatives(x -> x.leakyRelu(-0.5), -3, 1, DType.F64)[1]);
        assertEquals(0, derivatives(Variable::abs, 0, 1, DType.F64)[1]);
        assertEquals(INF, derivatives(Variable::sqrt, 0, 1, DType.F64)[1]);
        assertEquals(0.5, derivatives(x -> x.elu(0.5), 0, 1, DType.F64)[1]);
        for (double bound : new double[] {-0.7, 1.1}) {
            assertEquals(1, derivatives(x -> x.clamp(-0.7, 1.1), bound, 1, DType.F64)[1]);
            assertEquals(1, derivatives(x -> x.clamp(-0.7, 1.1), bound, 1, DType.F32)[1],
                    "a bound that f32 rounds");
        }
    }

    @Test
    void piecewiseLinearFunctionsHaveNoSecondDerivativeAtAll() {
        List<UnaryOperator<Variable>> functions = List.of(Variable::relu, x -> x.leakyRelu(0.2),
                Variable::abs, x -> x.clamp(-1, 1), Variable::max, x -> x.maximum(Tensor.scalar(0.5)));
        for (UnaryOperator<Variable> f : functions) {
            Variable x = leaf(-2, 0.5, 3);
            Variable g = Autograd.of(f.apply(x).sum()).createGraph(true).grad(x).get(0);
            assertNull(g.requiresGrad() ? Autograd.of(g.sum()).allowUnused(true).grad(x).get(0) : null);
        }
    }

    @Test
    void powersAtZero() {
        Variable b = leaf(0, 0, 0, 2);
        Variable e = leaf(0, 2, -1, 3);
        b.pow(e).backward(Tensor.of(new double[] {1, 1, 1, 1}, 4));
        assertGrad(b, 0, 0, -INF, 12);
        assertGrad(e, 0, 0, -INF, 8 * Math.log(2));
        assertEquals(0, derivatives(x -> x.pow(0), 0, 1, DType.F64)[1]);
        assertEquals(1, derivatives(x -> x.pow(1), 0, 1, DType.F64)[1]);
        assertEquals(2, derivatives(x -> x.pow(2), 0, 3, DType.F64)[2]);
        assertEquals(0, derivatives(x -> x.pow(2), 0, 3, DType.F64)[3]);
    }

    @Test
    void mixedDerivativeOfAPowerWithExponentZero() {
        Variable b = leaf(4);
        Variable e = leaf(0);
        Variable db = Autograd.of(b.pow(e)).createGraph(true).grad(b).get(0);
        assertValue(db.value(), 0);
        assertValue(Autograd.of(db).grad(e).get(0).value(), 0.25);
    }
}
