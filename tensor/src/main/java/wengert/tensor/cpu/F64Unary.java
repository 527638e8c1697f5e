package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.UnaryKind;

/// Elementwise functions of one f64 operand. Transcendental ones come from [StrictMath]: those of [Math] may
/// be other code, with other last bits, in the interpreter than after compilation.
final class F64Unary {
    private F64Unary() {
    }

    /// `y[i] = kind(x[i]; p, q)` for `from ≤ i < to`.
    static void run(UnaryKind kind, double p, double q, double[] x, double[] y, int from, int to) {
        switch (kind) {
            case NEG -> {
                for (int i = from; i < to; i++) {
                    y[i] = -x[i];
                }
            }
            case EXP -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.exp(x[i]);
                }
            }
            case LOG -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.log(x[i]);
                }
            }
            case SQRT -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.sqrt(x[i]);
                }
            }
            case ABS -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.abs(x[i]);
                }
            }
            case SIGN -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.signum(x[i]);
                }
            }
            case SQUARE -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] * x[i];
                }
            }
            case RECIPROCAL -> {
                for (int i = from; i < to; i++) {
                    y[i] = 1 / x[i];
                }
            }
            case TANH -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.tanh(x[i]);
                }
            }
            case SIGMOID -> {
                for (int i = from; i < to; i++) {
                    y[i] = F64Math.sigmoid(x[i]);
                }
            }
            case SOFTPLUS -> {
                for (int i = from; i < to; i++) {
                    y[i] = F64Math.softplus(x[i]);
                }
            }
            case ERF -> {
                for (int i = from; i < to; i++) {
                    y[i] = F64Math.erf(x[i]);
                }
            }
            case SIN -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.sin(x[i]);
                }
            }
            case COS -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.cos(x[i]);
                }
            }
            case LEAKY_RELU -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] > 0 ? x[i] : p == 0 ? Math.max(x[i], 0) : p * x[i];
                }
            }
            case ELU -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] > 0 ? x[i] : p * StrictMath.expm1(x[i]);
                }
            }
            case CLAMP -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.min(Math.max(x[i], p), q);
                }
            }
            case POW -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.pow(x[i], p);
                }
            }
            case ADD -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] + p;
                }
            }
            case MUL -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] * p;
                }
            }
            case FLOOR -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.floor(x[i]);
                }
            }
            case NOT -> throw Elementwise.refuse(kind, DType.F64);
        }
    }
}
