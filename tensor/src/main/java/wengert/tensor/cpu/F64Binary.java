package wengert.tensor.cpu;

import wengert.tensor.spi.BinaryKind;

/// Elementwise functions of two f64 operands; see [F64Unary].
final class F64Binary {
    private F64Binary() {
    }

    /// `y[i] = kind(a[i], b[i]; p, q)` for `from ≤ i < to`.
    static void run(BinaryKind kind, double p, double q, double[] a, double[] b, double[] y, int from,
            int to) {
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
            case DIV -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] / b[i];
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
            case POW -> {
                for (int i = from; i < to; i++) {
                    y[i] = StrictMath.pow(a[i], b[i]);
                }
            }
            case TANH_GRAD -> {
                for (int i = from; i < to; i++) {
                    y[i] = b[i] * F64Math.sechSquared(a[i]);
                }
            }
            case SIGMOID_GRAD -> {
                for (int i = from; i < to; i++) {
                    y[i] = b[i] * F64Math.sigmoid(a[i]) * F64Math.sigmoid(-a[i]);
                }
            }
            case LEAKY_RELU_GRAD -> {
                for (int i = from; i < to; i++) {
                    y[i] = a[i] > 0 ? b[i] : p == 0 ? 0 : p * b[i];
                }
            }
            case CLAMP_GRAD -> {
                for (int i = from; i < to; i++) {
                    y[i] = p <= a[i] && a[i] <= q ? b[i] : 0;
                }
            }
            case COMBINE -> {
                for (int i = from; i < to; i++) {
                    y[i] = p * a[i] + q * b[i];
                }
            }
        }
    }
}
