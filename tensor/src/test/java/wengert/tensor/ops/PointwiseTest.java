package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.ops.Expect.form;
import static wengert.tensor.ops.Expect.refused;
import static wengert.tensor.ops.Expect.values;
import static wengert.tensor.ops.Expect.vector;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

class PointwiseTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    @Test
    void functionsOfOneOperand() {
        values(vector(4, 0.25, 0).sqrt(), 2, 0.5, 0);
        values(vector(-2, 0, 3).abs(), 2, 0, 3);
        values(vector(-2, 0, 3, NAN).sign(), -1, 0, 1, NAN);
        values(vector(-3, 2).square(), 9, 4);
        values(vector(4, -0.5).reciprocal(), 0.25, -2);
        values(vector(-1.5, 1.5, 2).floor(), -2, 1, 2);
        values(vector(0, Math.PI / 2).sin(), 0, 1);
        values(vector(0, Math.PI).cos(), 1, -1);
        values(vector(0, 1, -1, 10).erf(), 0, 0.842700792949715, -0.842700792949715, 1);
    }

    @Test
    void activations() {
        values(vector(-2, 0, 3).relu(), 0, 0, 3);
        values(vector(-2, 0, 3).leakyRelu(0.1), -0.2, 0, 3);
        values(vector(0, 800, -800).sigmoid(), 0.5, 1, 0);
        values(vector(0, 800, -800).softplus(), Math.log(2), 800, 0);
        values(vector(0, 800, -800).logSigmoid(), -Math.log(2), 0, -800);
        values(vector(0, 1).silu(), 0, 0.731058578630005);
        values(vector(0, 1, -1).gelu(), 0, 0.841344746068543, -0.158655253931457);
        values(vector(-1, 0, 2).elu(0.5), 0.5 * Math.expm1(-1), 0, 2);
    }

    @Test
    void rectifiersSelect() {
        values(vector(Double.NEGATIVE_INFINITY, NAN, INF).relu(), 0, NAN, INF);
        values(vector(-1000, 1000).elu(1), -1, 1000);
    }

    @Test
    void clampKeepsNaNAndAcceptsInfiniteBounds() {
        values(vector(-2, 0.5, 3, NAN).clamp(-1, 1), -1, 0.5, 1, NAN);
        values(vector(-2, 3).clamp(0, INF), 0, 3);
        Tensor whole = Tensor.of(new int[] {-5, 7}, 2).clamp(-1, INF);
        form(whole, DType.I32, 2);
        values(whole, -1, 7);
    }

    @Test
    void clampRefusesBoundsThatAreNoInterval() {
        refused(() -> vector(1).clamp(2, 1), "clamp", "2.0", "1.0");
        refused(() -> vector(1).clamp(NAN, 1), "clamp", "NaN");
        refused(() -> Tensor.of(new int[] {1}, 1).clamp(0.5, 1), "clamp", "0.5", "i32");
    }

    @Test
    void powers() {
        values(vector(2, 3, 0).pow(2), 4, 9, 0);
        values(vector(4).pow(-0.5), 0.5);
        values(vector(2, 0, 9).pow(vector(3, 0, 0.5)), 8, 1, 3);
        form(Tensor.of(new int[] {2}, 1).pow(2), DType.F32, 1);
    }

    @Test
    void maximumAndMinimumPropagateNaNAndBroadcast() {
        values(vector(1, NAN, 3).maximum(vector(2, 0, NAN)), 2, NAN, NAN);
        values(vector(1, NAN, 3).minimum(vector(2, 0, NAN)), 1, NAN, NAN);
        form(Tensor.zeros(3, 1).maximum(Tensor.zeros(4)), DType.F32, 3, 4);
        Tensor mixed = Tensor.of(new int[] {1, 5}, 2).minimum(Tensor.of(new long[] {3, 3}, 2));
        form(mixed, DType.I64, 2);
        values(mixed, 1, 3);
    }

    @Test
    void integersStayWholeOrBecomeF32() {
        Tensor i = Tensor.of(new int[] {-2, 3}, 2);
        form(i.abs(), DType.I32, 2);
        form(i.square(), DType.I32, 2);
        assertSame(i, i.floor());
        for (Tensor t : new Tensor[] {i.sqrt(), i.sigmoid(), i.relu(), i.reciprocal(), i.sin(), i.gelu(),
                i.elu(1)}) {
            form(t, DType.F32, 2);
        }
    }

    @Test
    void numbersThatAnIntegerCannotHoldAreRefused() {
        Tensor i = Tensor.of(new int[] {1}, 1);
        refused(() -> i.add(0.5), "add", "0.5", "i32");
        refused(() -> i.add(1e18), "add", "1.0E18", "i32");
        refused(() -> i.mul(INF), "mul", "Infinity", "i32");
        refused(() -> i.mul(NAN), "mul", "NaN", "i32");
        values(i.to(DType.I64).add(1e18), 1e18 + 1);
        values(i.add(-0x1p31), -0x1p31 + 1);
    }

    @Test
    void scalarsAndNothingGoThroughEveryFunction() {
        assertEquals(3, Tensor.scalar(9).sqrt().item());
        form(Tensor.zeros(2, 0).sigmoid().relu().abs(), DType.F32, 2, 0);
        form(Tensor.zeros(4, 0).maximum(Tensor.zeros(4, 1)), DType.F32, 4, 0);
    }

    @Test
    void shapesThatDoNotBroadcastAreNamedWithTheOperator() {
        refused(() -> Tensor.zeros(2, 3).maximum(Tensor.zeros(4)), "maximum", "[2,3]", "[4]");
        refused(() -> Tensor.zeros(2, 3).pow(Tensor.zeros(2)), "pow", "[2,3]", "[2]");
    }

    @Test
    void smallNumbersKeepTheirDigitsInF32() {
        Tensor x = Tensor.of(new float[] {-40}, 1);
        double want = Math.log1p(Math.exp(-40));
        for (Tensor y : new Tensor[] {x.softplus(), x.sigmoid(), x.neg().logSigmoid().neg()}) {
            assertTrue(Math.abs(y.item() / want - 1) < 1e-6, y.toString());
        }
    }
}
