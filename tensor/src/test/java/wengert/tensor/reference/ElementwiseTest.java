package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.f64;
import static wengert.tensor.reference.Given.i64;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

class ElementwiseTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private static double[] unary(UnaryKind kind, double p, double q, View x) {
        View y = empty(x.dtype(), x.shape().toArray());
        BACKEND.unary(kind, p, q, x, y);
        return values(y);
    }

    private static double[] binary(BinaryKind kind, double p, double q, View a, View b) {
        View y = empty(a.dtype(), a.shape().toArray());
        BACKEND.binary(kind, p, q, a, b, y);
        return values(y);
    }

    @ParameterizedTest
    @EnumSource(value = UnaryKind.class, names = "NOT", mode = EnumSource.Mode.EXCLUDE)
    void everyUnaryFunctionAtThreeFourthsAndMinusOneAndAHalf(UnaryKind kind) {
        // p = 0.5, q = 1; x = 0.75 and −1.5
        Map<UnaryKind, double[]> expected = Map.ofEntries(
                Map.entry(UnaryKind.NEG, new double[] {-0.75, 1.5}),
                Map.entry(UnaryKind.EXP, new double[] {2.117000016612675, 0.22313016014842982}),
                Map.entry(UnaryKind.LOG, new double[] {-0.2876820724517809, NAN}),
                Map.entry(UnaryKind.SQRT, new double[] {0.8660254037844386, NAN}),
                Map.entry(UnaryKind.ABS, new double[] {0.75, 1.5}),
                Map.entry(UnaryKind.SIGN, new double[] {1, -1}),
                Map.entry(UnaryKind.SQUARE, new double[] {0.5625, 2.25}),
                Map.entry(UnaryKind.RECIPROCAL, new double[] {4 / 3.0, -2 / 3.0}),
                Map.entry(UnaryKind.TANH, new double[] {0.6351489523872873, -0.9051482536448665}),
                Map.entry(UnaryKind.SIGMOID, new double[] {0.679178699175393, 0.18242552380635635}),
                Map.entry(UnaryKind.SOFTPLUS, new double[] {1.1368710061148998, 0.20141327798275246}),
                Map.entry(UnaryKind.ERF, new double[] {0.7111556336535151, -0.9661051464753108}),
                Map.entry(UnaryKind.SIN, new double[] {0.6816387600233341, -0.9974949866040544}),
                Map.entry(UnaryKind.COS, new double[] {0.7316888688738209, 0.0707372016677029}),
                Map.entry(UnaryKind.LEAKY_RELU, new double[] {0.75, -0.75}),
                Map.entry(UnaryKind.ELU, new double[] {0.75, -0.38843491992578509}),
                Map.entry(UnaryKind.CLAMP, new double[] {0.75, 0.5}),
                Map.entry(UnaryKind.POW, new double[] {0.8660254037844386, NAN}),
                Map.entry(UnaryKind.ADD, new double[] {1.25, -1}),
                Map.entry(UnaryKind.MUL, new double[] {0.375, -0.75}),
                Map.entry(UnaryKind.FLOOR, new double[] {0, -2}));
        assertArrayEquals(expected.get(kind), unary(kind, 0.5, 1, f64(0.75, -1.5)), 1e-15);
        View single = view(DType.F32, Shape.of(2), 0.75, -1.5);
        assertArrayEquals(expected.get(kind), unary(kind, 0.5, 1, single), 1.3e-7);
    }

    @Test
    void integersAreExactBeyondTheReachOfDoubles() {
        long big = (1L << 53) + 1;
        View y = empty(DType.I64, 2);
        BACKEND.unary(UnaryKind.NEG, 0, 0, i64(big, -big), y);
        assertArrayEquals(new long[] {-big, big}, y.storage().i64());
        BACKEND.unary(UnaryKind.ADD, 2, 0, i64(big, -big), y);
        assertArrayEquals(new long[] {big + 2, -big + 2}, y.storage().i64());
        BACKEND.binary(BinaryKind.MUL, 0, 0, i64(big, 3), i64(3, big), y);
        assertArrayEquals(new long[] {3 * big, 3 * big}, y.storage().i64());
        View truth = empty(DType.BOOL, 2);
        BACKEND.compare(CompareKind.GT, i64(big, big), i64(big - 1, big), truth);
        assertArrayEquals(new double[] {1, 0}, values(truth));
        BACKEND.unary(UnaryKind.CLAMP, -INF, INF, i64(big, -big), y);
        assertArrayEquals(new long[] {big, -big}, y.storage().i64());
    }

    @Test
    void integersOfThirtyTwoBitsWrapAround() {
        View x = view(DType.I32, Shape.of(2), Integer.MAX_VALUE, 65536);
        assertArrayEquals(new double[] {Integer.MIN_VALUE, 65537}, unary(UnaryKind.ADD, 1, 0, x));
        assertArrayEquals(new double[] {1, 0}, unary(UnaryKind.SQUARE, 0, 0, x));
    }

    @Test
    void truthValuesKnowAndOrNot() {
        View a = view(DType.BOOL, Shape.of(4), 0, 0, 1, 1);
        View b = view(DType.BOOL, Shape.of(4), 0, 1, 0, 1);
        assertArrayEquals(new double[] {0, 0, 0, 1}, binary(BinaryKind.MUL, 0, 0, a, b));
        assertArrayEquals(new double[] {0, 0, 0, 1}, binary(BinaryKind.MIN, 0, 0, a, b));
        assertArrayEquals(new double[] {0, 1, 1, 1}, binary(BinaryKind.MAX, 0, 0, a, b));
        assertArrayEquals(new double[] {1, 1, 0, 0}, unary(UnaryKind.NOT, 0, 0, a));
    }

    @Test
    void functionsOfFloatsRefuseIntegersByName() {
        View y = i64(7);
        var e = assertThrows(DTypeException.class, () -> BACKEND.unary(UnaryKind.EXP, 0, 0, i64(1), y));
        assertTrue(e.getMessage().startsWith("exp: not defined for i64"), e.getMessage());
        assertEquals(7, y.storage().i64()[0]);
        assertThrows(DTypeException.class, () -> binary(BinaryKind.DIV, 0, 0, i64(1), i64(1)));
        assertThrows(DTypeException.class, () -> unary(UnaryKind.NOT, 0, 0, i64(1)));
        assertThrows(DTypeException.class, () -> unary(UnaryKind.NOT, 0, 0, f64(1)));
    }

    @Test
    void largerAndSmallerPropagateNaN() {
        View a = f64(1, NAN, 3, -0.0);
        View b = f64(2, 1, NAN, 0.0);
        assertArrayEquals(new double[] {2, NAN, NAN, 0.0}, binary(BinaryKind.MAX, 0, 0, a, b));
        assertArrayEquals(new double[] {1, NAN, NAN, -0.0}, binary(BinaryKind.MIN, 0, 0, a, b));
        assertArrayEquals(new double[] {NAN, 0, 1}, unary(UnaryKind.CLAMP, 0, 1, f64(NAN, -INF, INF)));
        assertArrayEquals(new double[] {NAN, -1, 0}, unary(UnaryKind.SIGN, 0, 0, f64(NAN, -INF, 0)));
    }

    @Test
    void reluSelects() {
        View x = f64(-INF, -1, 0, 2, INF, NAN);
        assertArrayEquals(new double[] {0, 0, 0, 2, INF, NAN}, unary(UnaryKind.LEAKY_RELU, 0, 0, x));
        View dy = f64(INF, NAN, INF, 7, INF, INF);
        assertArrayEquals(new double[] {0, 0, 0, 7, INF, 0}, binary(BinaryKind.LEAKY_RELU_GRAD, 0, 0, x, dy));
    }

    @Test
    void combineIsRoundedOnce() {
        assertArrayEquals(new double[] {0.9 * 2 - 0.1 * 3, -0.9, NAN},
                binary(BinaryKind.COMBINE, 0.9, -0.1, f64(2, -1, NAN), f64(3, 0, 0)));
    }

    @Test
    void gradientsOfActivations() {
        View x = f64(0.75, -1.5, 0, 20);
        View dy = f64(2, 4, 2, 1);
        double tail = 4 * Math.exp(-40);
        double[] tanh = binary(BinaryKind.TANH_GRAD, 0, 0, x, dy);
        assertArrayEquals(new double[] {2 * (1 - 0.6351489523872873 * 0.6351489523872873),
            4 * (1 - 0.9051482536448665 * 0.9051482536448665), 2, tail}, tanh, 1e-14);
        assertEquals(tail, tanh[3], tail * 1e-14);
        double[] sigmoid = binary(BinaryKind.SIGMOID_GRAD, 0, 0, x, dy);
        assertArrayEquals(new double[] {2 * 0.679178699175393 * (1 - 0.679178699175393),
            4 * 0.18242552380635635 * (1 - 0.18242552380635635), 0.5, Math.exp(-20)}, sigmoid, 1e-14);
        assertArrayEquals(new double[] {2, 0.8, 0.4, 1}, binary(BinaryKind.LEAKY_RELU_GRAD, 0.2, 0, x, dy));
        assertArrayEquals(new double[] {2, 0, 2, 0}, binary(BinaryKind.CLAMP_GRAD, 0, 1, x, dy));
        assertArrayEquals(new double[] {0, 3, 3, 0, 0},
                binary(BinaryKind.CLAMP_GRAD, 0, 1, f64(-1, 0, 1, 2, NAN), f64(INF, 3, 3, INF, INF)));
    }

    @Test
    void aClampedFloatCountsAsWithinItsBounds() {
        View x = view(DType.F32, Shape.of(2), 0.2, 5);
        View y = empty(DType.F32, 2);
        BACKEND.unary(UnaryKind.CLAMP, 0.7, 1.3, x, y); // neither 0.7 nor 1.3 is an f32
        View one = view(DType.F32, Shape.of(2), 1, 1);
        assertArrayEquals(new double[] {1, 1}, binary(BinaryKind.CLAMP_GRAD, 0.7, 1.3, y, one));
    }

    @Test
    void comparisonsFollowIeee() {
        View a = f64(1, 2, 2, NAN, 0.0);
        View b = f64(2, 2, 1, NAN, -0.0);
        double[][] expected = {{0, 1, 0, 0, 1}, {1, 0, 1, 1, 0}, {1, 0, 0, 0, 0}, {1, 1, 0, 0, 1},
            {0, 0, 1, 0, 0}, {0, 1, 1, 0, 1}};
        for (CompareKind kind : CompareKind.values()) {
            View y = empty(DType.BOOL, 5);
            BACKEND.compare(kind, a, b, y);
            assertArrayEquals(expected[kind.ordinal()], values(y), kind.name());
        }
    }

    @Test
    void whereSelectsAndNeverMultiplies() {
        View y = empty(DType.F64, 3);
        BACKEND.where(view(DType.BOOL, Shape.of(3), 1, 0, 1), f64(INF, 7, NAN), f64(NAN, 5, 0), y);
        assertArrayEquals(new double[] {INF, 5, NAN}, values(y));
        View whole = empty(DType.I64, 2);
        View c = view(DType.BOOL, Shape.of(2), 1, 0);
        BACKEND.where(c, i64(Long.MAX_VALUE, 1), i64(2, Long.MIN_VALUE), whole);
        assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, whole.storage().i64());
    }

    @Test
    void copyConverts() {
        View x = f64(-1.9, 0.5, NAN, 3e9, -0.0);
        View i32 = empty(DType.I32, 5);
        BACKEND.copy(x, i32);
        assertArrayEquals(new double[] {-1, 0, 0, Integer.MAX_VALUE, 0}, values(i32));
        View bool = empty(DType.BOOL, 5);
        BACKEND.copy(x, bool);
        assertArrayEquals(new double[] {1, 1, 1, 1, 0}, values(bool));
        View f32 = empty(DType.F32, 5);
        BACKEND.copy(x, f32);
        assertArrayEquals(new double[] {-1.9f, 0.5, NAN, 3e9, -0.0}, values(f32));
        View low = empty(DType.I32, 2);
        BACKEND.copy(i64((1L << 40) + 5, -1), low);
        assertArrayEquals(new double[] {5, -1}, values(low));
        View once = empty(DType.F32, 1);
        BACKEND.copy(i64((1L << 60) + (1L << 36) + 1), once); // rounding to f64 first would lose the last bit
        assertEquals(Math.scalb(1f, 60) + Math.scalb(1f, 37), once.storage().f32()[0]);
    }

    @Test
    void fillConvertsAndReachesEveryElementOfTheViewOnly() {
        View base = f64(0, 0, 0, 0, 0, 0, 0);
        BACKEND.fill(base.slice(0, 5, -2, 3), 2.5);
        assertArrayEquals(new double[] {0, 2.5, 0, 2.5, 0, 2.5, 0}, values(base));
        View bool = empty(DType.BOOL, 2);
        BACKEND.fill(bool, 0.5);
        assertArrayEquals(new double[] {1, 1}, values(bool));
    }

    @Test
    void stridesAreNegativeZeroOrPermuted() {
        View x = view(DType.F64, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        View row = f64(10, 20, 30).expand(Shape.of(2, 3));
        double[] sums = binary(BinaryKind.ADD, 0, 0, x.flip(0, 1), row);
        assertArrayEquals(new double[] {16, 25, 34, 13, 22, 31}, sums);
        View out = empty(DType.F64, 3, 2).permute(1, 0).flip(1);
        BACKEND.binary(BinaryKind.SUB, 0, 0, x, row, out);
        assertArrayEquals(new double[] {-9, -18, -27, -6, -15, -24}, values(out));
        assertArrayEquals(new double[] {-27, -24, -18, -15, -9, -6}, out.storage().f64());
    }

    @Test
    void outputMayBeTheViewOfAnInput() {
        View x = f64(1, 2, 3).flip(0);
        BACKEND.binary(BinaryKind.MUL, 0, 0, x, x, x);
        assertArrayEquals(new double[] {1, 4, 9}, x.storage().f64());
        BACKEND.unary(UnaryKind.NEG, 0, 0, x, x);
        BACKEND.where(view(DType.BOOL, Shape.of(3), 1, 0, 1), x, f64(7, 8, 9), x);
        assertArrayEquals(new double[] {-9, 8, -1}, values(x));
    }

    @Test
    void scalarsAndNothing() {
        View scalar = view(DType.F64, Shape.SCALAR, 3);
        assertArrayEquals(new double[] {9}, unary(UnaryKind.SQUARE, 0, 0, scalar));
        assertArrayEquals(new double[] {6}, binary(BinaryKind.ADD, 0, 0, scalar, scalar));
        View nothing = empty(DType.F64, 2, 0, 3);
        assertEquals(0, binary(BinaryKind.ADD, 0, 0, nothing, nothing).length);
        View y = empty(DType.F64, 0);
        BACKEND.copy(empty(DType.I32, 1).expand(Shape.of(0)), y);
        BACKEND.fill(y, 1);
    }

    @Test
    void shapesThatTheOperatorShouldHaveCheckedAreRefused() {
        var e = assertThrows(BackendException.class, () -> BACKEND.copy(f64(1, 2), empty(DType.F64, 3)));
        assertTrue(e.getMessage().contains("[3]") && e.getMessage().contains("f64 [2]"), e.getMessage());
        assertThrows(BackendException.class, () -> BACKEND.copy(f64(1), empty(DType.F64, 1, 1)));
    }
}
