package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.UnaryKind;

/// Elementwise kernels against the reference, over layouts, sizes around vector widths, and special numbers.
class ElementwiseTest {
    private static final int[][] SHAPES = {{}, {1}, {7}, {16}, {33}, {0}, {3, 0, 2}, {5, 7}, {2, 3, 17},
            {3, 1, 5, 9}, {2, 3, 4, 5, 3}, {4, 1031}, {70, 67}};
    private static final double[] SPECIAL = {0, -0.0, 1, -1, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
            Float.NaN, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-39, Float.MIN_NORMAL, Float.MAX_VALUE,
            -Float.MAX_VALUE, 88.7, 88.8, 89.5, -87.2, -87.4, -95, -103.9, -104.5, 200, -200, 0.5, -0.5, 2,
            -2, 0.624, 0.626, -0.624, -0.626, 9, -9, 20, -20, 1e-8, -1e-8, 3};

    /// Units in the last place an f32 function may be off from the exact number; the reference's own rounding
    /// comes on top.
    private static double ulps(UnaryKind kind) {
        return switch (kind) {
            case EXP, LOG -> 0.9;
            case SIGMOID -> 1.6;
            case TANH, SOFTPLUS -> 1.95;
            default -> 1;
        };
    }

    @ParameterizedTest
    @EnumSource(UnaryKind.class)
    void unaryAgreesWithTheReference(UnaryKind kind) {
        Random r = new Random(kind.ordinal());
        for (DType dtype : DType.values()) {
            if (!defined(kind, dtype)) {
                continue;
            }
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    Twin x = Twin.random(r, dtype, layout, kind == UnaryKind.EXP ? 50 : 6, shape);
                    Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
                    check(kind, 0.25, 3, x, y);
                }
            }
            Twin x = Twin.of(dtype, SPECIAL, SPECIAL.length);
            for (double p : new double[] {0, 0.2, 1.5, -0.5, 2}) {
                check(kind, p, 2, x, Twin.output(r, dtype, Layout.PLAIN, SPECIAL.length));
            }
        }
    }

    private static void check(UnaryKind kind, double p, double q, Twin x, Twin y) {
        Twin.REFERENCE.unary(kind, p, q, x.expected(), y.expected());
        Twin.CPU.unary(kind, p, q, x.actual(), y.actual());
        String what = kind + "(" + p + ", " + q + ") of " + x.expected();
        switch (x.expected().dtype()) {
            // x + p and x·p: p is rounded first, an error of half an ulp of p
            case F32 -> y.assertClose(what, ulps(kind) + 0.5, kind == UnaryKind.ADD ? Math.ulp((float) p)
                    : 1e-45);
            // erf: the series of both sides lose up to 12 ulp each
            case F64 -> y.assertClose(what, kind == UnaryKind.ERF ? 24 : 3, 5e-324);
            default -> y.assertSame(what);
        }
    }

    private static boolean defined(UnaryKind kind, DType dtype) {
        return switch (kind) {
            case NOT -> dtype == DType.BOOL;
            case NEG, ABS, SIGN, SQUARE, CLAMP, ADD, MUL -> true;
            default -> dtype.isFloating();
        };
    }

    @ParameterizedTest
    @EnumSource(BinaryKind.class)
    void binaryAgreesWithTheReference(BinaryKind kind) {
        Random r = new Random(kind.ordinal());
        for (DType dtype : DType.values()) {
            boolean integers = switch (kind) {
                case ADD, SUB, MUL, MAX, MIN -> true;
                default -> false;
            };
            if (!dtype.isFloating() && !integers) {
                continue;
            }
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    Twin a = Twin.random(r, dtype, layout, 6, shape);
                    Twin b = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 6, shape);
                    Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
                    check(kind, 0.25, 3, a, b, y);
                }
            }
            int n = SPECIAL.length * SPECIAL.length;
            double[] left = new double[n];
            double[] right = new double[n];
            for (int i = 0; i < n; i++) {
                left[i] = SPECIAL[i / SPECIAL.length];
                right[i] = SPECIAL[i % SPECIAL.length];
                if (kind == BinaryKind.TANH_GRAD || kind == BinaryKind.SIGMOID_GRAD) {
                    // a slope too small for f32 makes the product with ∞ or 10^38 another one than in f64
                    right[i] = Math.max(-1e6, Math.min(1e6, right[i]));
                }
            }
            for (double p : new double[] {0, 0.2, -0.5}) {
                check(kind, p, 2, Twin.of(dtype, left, n), Twin.of(dtype, right, n),
                        Twin.output(r, dtype, Layout.PLAIN, n));
            }
        }
    }

    private static void check(BinaryKind kind, double p, double q, Twin a, Twin b, Twin y) {
        Twin.REFERENCE.binary(kind, p, q, a.expected(), b.expected(), y.expected());
        Twin.CPU.binary(kind, p, q, a.actual(), b.actual(), y.actual());
        String what = kind + "(" + p + ", " + q + ") of " + a.expected() + " and " + b.expected();
        double ulps = switch (kind) {
            case TANH_GRAD, SIGMOID_GRAD -> 3.5;
            default -> 1;
        };
        switch (a.expected().dtype()) {
            // slopes below 2^-126 are off by 2^-149, times |dy| ≤ 10^6
            case F32 -> y.assertClose(what, ulps, ulps > 1 ? 0x1p-149 * 1e6 : 0);
            case F64 -> y.assertClose(what, kind == BinaryKind.TANH_GRAD || kind == BinaryKind.SIGMOID_GRAD
                    ? 8 : 2, 2e-323);
            default -> y.assertSame(what);
        }
    }

    @ParameterizedTest
    @EnumSource(CompareKind.class)
    void comparisonsAgreeWithTheReference(CompareKind kind) {
        Random r = new Random(kind.ordinal());
        for (DType dtype : DType.values()) {
            for (int[] shape : SHAPES) {
                Twin a = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 2, shape);
                Twin b = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 2, shape);
                Twin y = Twin.output(r, DType.BOOL, Layout.values()[r.nextInt(3)], shape);
                Twin.REFERENCE.compare(kind, a.expected(), b.expected(), y.expected());
                Twin.CPU.compare(kind, a.actual(), b.actual(), y.actual());
                y.assertSame(kind + " of " + a.expected());
            }
            int n = SPECIAL.length * SPECIAL.length;
            double[] left = new double[n];
            double[] right = new double[n];
            for (int i = 0; i < n; i++) {
                left[i] = SPECIAL[i / SPECIAL.length];
                right[i] = SPECIAL[i % SPECIAL.length];
            }
            Twin a = Twin.of(dtype, left, n);
            Twin b = Twin.of(dtype, right, n);
            Twin y = Twin.output(r, DType.BOOL, Layout.PLAIN, n);
            Twin.REFERENCE.compare(kind, a.expected(), b.expected(), y.expected());
            Twin.CPU.compare(kind, a.actual(), b.actual(), y.actual());
            y.assertSame(kind + " of special numbers");
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void whereSelectsAndNeverMultiplies(DType dtype) {
        Random r = new Random(5);
        for (int[] shape : SHAPES) {
            for (Layout layout : Layout.values()) {
                Twin c = Twin.random(r, DType.BOOL, layout, 1, shape);
                Twin a = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 9, shape);
                Twin b = Twin.random(r, dtype, Layout.values()[r.nextInt(4)], 9, shape);
                Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
                Twin.REFERENCE.where(c.expected(), a.expected(), b.expected(), y.expected());
                Twin.CPU.where(c.actual(), a.actual(), b.actual(), y.actual());
                y.assertSame("where of " + a.expected());
            }
        }
        double[] zeros = new double[SPECIAL.length];
        Twin c = Twin.random(r, DType.BOOL, Layout.PLAIN, 1, SPECIAL.length);
        Twin y = Twin.output(r, dtype, Layout.PLAIN, SPECIAL.length);
        Twin a = Twin.of(dtype, SPECIAL, SPECIAL.length);
        Twin b = Twin.of(dtype, zeros, SPECIAL.length);
        Twin.REFERENCE.where(c.expected(), a.expected(), b.expected(), y.expected());
        Twin.CPU.where(c.actual(), a.actual(), b.actual(), y.actual());
        y.assertSame("where of special numbers");
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void copiesConvertAsTheReferenceDoes(DType from) {
        Random r = new Random(6);
        for (DType to : DType.values()) {
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    Twin x = Twin.random(r, from, layout, 4, shape);
                    Twin y = Twin.output(r, to, Layout.values()[r.nextInt(3)], shape);
                    Twin.REFERENCE.copy(x.expected(), y.expected());
                    Twin.CPU.copy(x.actual(), y.actual());
                    y.assertSame("copy of " + x.expected() + " to " + to);
                }
            }
            Twin x = Twin.of(from, SPECIAL, SPECIAL.length);
            Twin y = Twin.output(r, to, Layout.OFFSET, SPECIAL.length);
            Twin.REFERENCE.copy(x.expected(), y.expected());
            Twin.CPU.copy(x.actual(), y.actual());
            y.assertSame("copy of special numbers from " + from + " to " + to);
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void fillsReachEveryElement(DType dtype) {
        Random r = new Random(7);
        for (int[] shape : SHAPES) {
            for (Layout layout : Layout.values()) {
                for (double value : new double[] {0, 1, -3.7, 1e12, Double.NaN}) {
                    Twin y = Twin.output(r, dtype, layout, shape);
                    Twin.REFERENCE.fill(y.expected(), value);
                    Twin.CPU.fill(y.actual(), value);
                    y.assertSame("fill with " + value);
                }
            }
        }
    }

    @Test
    void anOutputMayBeAnInput() {
        Random r = new Random(8);
        for (Layout layout : new Layout[] {Layout.PLAIN, Layout.OFFSET, Layout.ODD}) {
            Twin x = Twin.random(r, DType.F32, layout, 3, 5, 700, 7);
            Twin b = Twin.random(r, DType.F32, Layout.REPEATED, 3, 5, 700, 7);
            Twin.REFERENCE.binary(BinaryKind.MUL, 0, 0, x.expected(), b.expected(), x.expected());
            Twin.CPU.binary(BinaryKind.MUL, 0, 0, x.actual(), b.actual(), x.actual());
            x.assertSame("in place, " + layout);
        }
    }

    @Test
    void everyFloatInRangeKeepsItsErrorBound() {
        // one in 4099 of all floats; 1 million each
        int n = 1 << 20;
        double[] numbers = new double[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = Float.intBitsToFloat(i * 4099);
        }
        Twin x = Twin.of(DType.F32, numbers, n);
        for (UnaryKind kind : new UnaryKind[] {UnaryKind.EXP, UnaryKind.LOG, UnaryKind.TANH,
                UnaryKind.SIGMOID, UnaryKind.SOFTPLUS}) {
            float[] y = new float[n];
            F32Unary.run(kind, 0, 0, x.actual().storage().f32(), y, 0, n);
            double worst = 0;
            for (int i = 0; i < n; i++) {
                double v = numbers[i];
                double exact = switch (kind) {
                    case EXP -> Math.exp(v);
                    case LOG -> Math.log(v);
                    case TANH -> Math.tanh(v);
                    case SIGMOID -> F64Math.sigmoid(v);
                    default -> F64Math.softplus(v);
                };
                if (!Double.isFinite((float) exact) || !Double.isFinite(y[i])) {
                    assertEquals((float) exact, y[i], kind + " of " + v);
                    continue;
                }
                worst = Math.max(worst, Math.abs(exact - y[i]) / Math.ulp((float) exact));
            }
            assertEquals(0, Math.max(0, worst - ulps(kind)), kind + " is off by " + worst + " ulp");
        }
    }
}
