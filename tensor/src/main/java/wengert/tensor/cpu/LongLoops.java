package wengert.tensor.cpu;

import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.UnaryKind;

/// Elementwise functions of i64, i32 and bool, computed in long.
final class LongLoops {
    private LongLoops() {
    }

    static void unary(UnaryKind kind, DType dtype, long p, long q, long[] x, long[] y, int from, int to) {
        switch (kind) {
            case NEG -> {
                for (int i = from; i < to; i++) {
                    y[i] = -x[i];
                }
            }
            case ABS -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.abs(x[i]);
                }
            }
            case SIGN -> {
                for (int i = from; i < to; i++) {
                    y[i] = Long.signum(x[i]);
                }
            }
            case SQUARE -> {
                for (int i = from; i < to; i++) {
                    y[i] = x[i] * x[i];
                }
            }
            case CLAMP -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.min(Math.max(x[i], p), q);
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
            case NOT -> {
                if (dtype != DType.BOOL) {
                    throw Elementwise.refuse(kind, dtype);
                }
                for (int i = from; i < to; i++) {
                    y[i] = x[i] ^ 1;
                }
            }
            default -> throw Elementwise.refuse(kind, dtype);
        }
    }

    static void binary(BinaryKind kind, DType dtype, long[] a, long[] b, long[] y, int from, int to) {
        switch (kind) {
            case ADD -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] + b[i];
                }
            }
            case SUB -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] - b[i];
                }
            }
            case MUL -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] * b[i];
                }
            }
            case MAX -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.max(a[i], b[i]);
                }
            }
            case MIN -> {
                for (int i = from; i < to; i++) {
                    y[i] = Math.min(a[i], b[i]);
                }
            }
            default -> throw Elementwise.refuse(kind, dtype);
        }
    }
}
