package wengert.tensor.reference;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// y[i] = f(a[i], b[i]; p, q) for every index i. Reads element i before it writes element i, so the output
/// may be the view of an input.
final class Elementwise {
    private Elementwise() {
    }

    static void copy(View x, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        boolean floating = x.dtype().isFloating();
        for (Walk i = new Walk(y.shape(), x, y); i.next();) {
            if (floating) {
                to.set(i.at(1), from.get(i.at(0)));
            } else {
                to.setLong(i.at(1), from.getLong(i.at(0)));
            }
        }
    }

    static void fill(View y, double value) {
        Cells to = Cells.of(y);
        for (Walk i = new Walk(y.shape(), y); i.next();) {
            to.set(i.at(0), value);
        }
    }

    static void unary(UnaryKind kind, double p, double q, View x, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        Walk i = new Walk(y.shape(), x, y);
        if (x.dtype().isFloating()) {
            DoubleUnaryOperator f = floating(kind, p, q, x.dtype());
            while (i.next()) {
                to.set(i.at(1), f.applyAsDouble(from.get(i.at(0))));
            }
        } else {
            LongUnaryOperator f = integer(kind, p, q, x.dtype());
            while (i.next()) {
                to.setLong(i.at(1), f.applyAsLong(from.getLong(i.at(0))));
            }
        }
    }

    private static DoubleUnaryOperator floating(UnaryKind kind, double p, double q, DType dtype) {
        double low = round(p, dtype);
        double high = round(q, dtype);
        return switch (kind) {
            case NEG -> x -> -x;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SQRT -> Math::sqrt;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case SQUARE -> x -> x * x;
            case RECIPROCAL -> x -> 1 / x;
            case TANH -> Math::tanh;
            case SIGMOID -> Functions::sigmoid;
            case SOFTPLUS -> Functions::softplus;
            case ERF -> Functions::erf;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            // p = 0 selects: −∞ becomes 0 and not 0·∞; NaN stays NaN
            case LEAKY_RELU -> x -> x > 0 ? x : p == 0 && x <= 0 ? 0 : p * x;
            case ELU -> x -> x > 0 ? x : p * Math.expm1(x);
            case CLAMP -> x -> Math.min(Math.max(x, low), high);
            case POW -> x -> Math.pow(x, p);
            case ADD -> x -> x + p;
            case MUL -> x -> x * p;
            case FLOOR -> Math::floor;
            case NOT -> throw refuse(kind, dtype);
        };
    }

    private static LongUnaryOperator integer(UnaryKind kind, double p, double q, DType dtype) {
        long low = (long) p;
        long high = (long) q;
        return switch (kind) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Long::signum;
            case SQUARE -> x -> x * x;
            case CLAMP -> x -> Math.min(Math.max(x, low), high);
            case ADD -> x -> x + low;
            case MUL -> x -> x * low;
            case NOT -> {
                if (dtype != DType.BOOL) {
                    throw refuse(kind, dtype);
                }
                yield x -> x ^ 1;
            }
            default -> throw refuse(kind, dtype);
        };
    }

    static void binary(BinaryKind kind, double p, double q, View a, View b, View y) {
        Cells left = Cells.of(a);
        Cells right = Cells.of(b);
        Cells to = Cells.of(y);
        Walk i = new Walk(y.shape(), a, b, y);
        if (a.dtype().isFloating()) {
            DoubleBinaryOperator f = floating(kind, p, q, a.dtype());
            while (i.next()) {
                to.set(i.at(2), f.applyAsDouble(left.get(i.at(0)), right.get(i.at(1))));
            }
        } else {
            LongBinaryOperator f = integer(kind, a.dtype());
            while (i.next()) {
                to.setLong(i.at(2), f.applyAsLong(left.getLong(i.at(0)), right.getLong(i.at(1))));
            }
        }
    }

    private static DoubleBinaryOperator floating(BinaryKind kind, double p, double q, DType dtype) {
        double low = round(p, dtype);
        double high = round(q, dtype);
        return switch (kind) {
            case ADD -> (a, b) -> a + b;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case MAX -> Math::max;
            case MIN -> Math::min;
            case POW -> Math::pow;
            case TANH_GRAD -> (x, dy) -> dy * Functions.sechSquared(x);
            case SIGMOID_GRAD -> (x, dy) -> dy * Functions.sigmoid(x) * Functions.sigmoid(-x);
            case LEAKY_RELU_GRAD -> (x, dy) -> x > 0 ? dy : p == 0 ? 0 : p * dy;
            case CLAMP_GRAD -> (x, dy) -> low <= x && x <= high ? dy : 0;
            case COMBINE -> (a, b) -> p * a + q * b;
        };
    }

    private static LongBinaryOperator integer(BinaryKind kind, DType dtype) {
        return switch (kind) {
            case ADD -> Long::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case MAX -> Math::max;
            case MIN -> Math::min;
            default -> throw refuse(kind, dtype);
        };
    }

    static void compare(CompareKind kind, View a, View b, View y) {
        Cells left = Cells.of(a);
        Cells right = Cells.of(b);
        Cells to = Cells.of(y);
        boolean floating = a.dtype().isFloating();
        for (Walk i = new Walk(y.shape(), a, b, y); i.next();) {
            boolean holds = floating ? holds(kind, left.get(i.at(0)), right.get(i.at(1)))
                    : holds(kind, left.getLong(i.at(0)), right.getLong(i.at(1)));
            to.setLong(i.at(2), holds ? 1 : 0);
        }
    }

    private static boolean holds(CompareKind kind, double a, double b) {
        return switch (kind) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
        };
    }

    private static boolean holds(CompareKind kind, long a, long b) {
        return holds(kind, Long.compare(a, b), 0.0);
    }

    static void where(View c, View a, View b, View y) {
        Cells choice = Cells.of(c);
        Cells left = Cells.of(a);
        Cells right = Cells.of(b);
        Cells to = Cells.of(y);
        boolean floating = y.dtype().isFloating();
        for (Walk i = new Walk(y.shape(), c, a, b, y); i.next();) {
            boolean first = choice.getLong(i.at(0)) != 0;
            Cells from = first ? left : right;
            int at = first ? i.at(1) : i.at(2);
            if (floating) {
                to.set(i.at(3), from.get(at));
            } else {
                to.setLong(i.at(3), from.getLong(at));
            }
        }
    }

    /// A bound as the dtype can hold it, so that a clamped value counts as within its bounds.
    private static double round(double bound, DType dtype) {
        return dtype == DType.F32 ? (float) bound : bound;
    }

    private static DTypeException refuse(Enum<?> kind, DType dtype) {
        return new DTypeException(kind.name().toLowerCase(Locale.ROOT) + ": not defined for " + dtype
                + (dtype.isFloating() ? "; convert to bool first" : "; convert to f32 or f64 first"));
    }
}
