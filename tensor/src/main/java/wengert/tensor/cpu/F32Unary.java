package wengert.tensor.cpu;

import wengert.tensor.cpu.PlainMath.Function;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.UnaryKind;

/// Elementwise functions of one f32 operand. The switch stands outside of the loops: each loop does one thing
/// and becomes vector code, by the compiler or, for functions with polynomials or choices, through
/// [VectorMath] and [VectorLoops], which leave the tail to the scalar form of the same operations.
final class F32Unary {
    private F32Unary() {
    }

    /// `y[i] = kind(x[i]; p, q)` for `from ≤ i < to`.
    static void run(UnaryKind kind, double p64, double q64, float[] x, float[] y, int from, int to) {
        float p = (float) p64;
        float q = (float) q64;
        switch (kind) {
            case NEG -> {
                for (int i = from; i < to; i++) {
                    y[i] = -x[i];
                }
            }
            case EXP -> {
                int done = Simd.PRESENT ? VectorMath.exp(x, y, from, to)
                        : PlainMath.run(Function.EXP, x, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.exp(x[i]);
                }
            }
            case LOG -> {
                int done = Simd.PRESENT ? VectorMath.log(x, y, from, to)
                        : PlainMath.run(Function.LOG, x, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.log(x[i]);
                }
            }
            case SQRT -> {
                for (int i = from; i < to; i++) {
                    y[i] = (float) Math.sqrt(x[i]);
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
                    y[i] = 1f / x[i];
                }
            }
            case TANH -> {
                int done = Simd.PRESENT ? VectorMath.tanh(x, y, from, to)
                        : PlainMath.run(Function.TANH, x, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.tanh(x[i]);
                }
            }
            case SIGMOID -> {
                int done = Simd.PRESENT ? VectorMath.sigmoid(x, y, from, to)
                        : PlainMath.run(Function.SIGMOID, x, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.sigmoid(x[i]);
                }
            }
            case SOFTPLUS -> {
                int done = Simd.PRESENT ? VectorMath.softplus(x, y, from, to)
                        : PlainMath.run(Function.SOFTPLUS, x, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.softplus(x[i]);
                }
            }
            case ERF -> {
                for (int i = from; i < to; i++) {
                    y[i] = (float) F64Math.erf(x[i]);
                }
            }
            case SIN -> {
                for (int i = from; i < to; i++) {
                    y[i] = (float) StrictMath.sin(x[i]);
                }
            }
            case COS -> {
                for (int i = from; i < to; i++) {
                    y[i] = (float) StrictMath.cos(x[i]);
                }
            }
            case LEAKY_RELU -> {
                if (p == 0f) {
                    relu(x, y, from, to);
                } else {
                    leakyRelu(p, x, y, from, to);
                }
            }
            case ELU -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] > 0f ? x[i] : (float) (p64 * StrictMath.expm1(x[i]));
                }
            }
            case CLAMP -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.min(Math.max(x[i], p), q);
                }
            }
            case POW -> pow(p64, x, y, from, to);
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
                    y[i] = (float) Math.floor(x[i]);
                }
            }
            case NOT -> throw Elementwise.refuse(kind, DType.F32);
        }
    }

    private static void relu(float[] x, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = Math.max(x[i], 0f);
        }
    }

    private static void leakyRelu(float p, float[] x, float[] y, int from, int to) {
        if (!Simd.PRESENT && p > 0f && p <= 1f) {
            // a choice in a loop is a jump, and mostly a wrong guess; a maximum is not
            for (int i = from; i < to; i++) {
                y[i] = Math.max(x[i], p * x[i]);
            }
            return;
        }
        int done = Simd.PRESENT ? VectorLoops.leakyRelu(p, x, y, from, to) : from;
        for (int i = done; i < to; i++) {
            y[i] = x[i] > 0f ? x[i] : p * x[i];
        }
    }

    private static void pow(double p, float[] x, float[] y, int from, int to) {
        if (p == 2) {
            for (int i = from; i < to; i++) {
                y[i] = x[i] * x[i];
            }
            return;
        }
        for (int i = from; i < to; i++) {
            y[i] = (float) StrictMath.pow(x[i], p);
        }
    }
}
