package wengert.tensor.cpu;

import wengert.tensor.cpu.PlainMath.Function;
import wengert.tensor.spi.BinaryKind;

/// Elementwise functions of two f32 operands; see [F32Unary].
final class F32Binary {
    private F32Binary() {
    }

    /// `y[i] = kind(a[i], b[i]; p, q)` for `from ≤ i < to`.
    static void run(BinaryKind kind, double p64, double q64, float[] a, float[] b, float[] y, int from,
            int to) {
        float p = (float) p64;
        float q = (float) q64;
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
                    y[i] = (float) StrictMath.pow(a[i], b[i]);
                }
            }
            case TANH_GRAD -> {
                int done = Simd.PRESENT ? VectorMath.tanhGrad(a, b, y, from, to)
                        : PlainMath.gradient(Function.TANH, a, b, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.tanhGrad(a[i], b[i]);
                }
            }
            case SIGMOID_GRAD -> {
                int done = Simd.PRESENT ? VectorMath.sigmoidGrad(a, b, y, from, to)
                        : PlainMath.gradient(Function.SIGMOID, a, b, y, from, to);
                for (int i = done; i < to; i++) {
                    y[i] = F32Math.sigmoidGrad(a[i], b[i]);
                }
            }
            case LEAKY_RELU_GRAD -> {
                int done = Simd.PRESENT ? VectorLoops.leakyReluGrad(p, a, b, y, from, to) : from;
                leakyReluGrad(p, a, b, y, done, to);
            }
            case CLAMP_GRAD -> {
                int done = Simd.PRESENT ? VectorLoops.clampGrad(p, q, a, b, y, from, to) : from;
                for (int i = done; i < to; i++) {
                    y[i] = p <= a[i] && a[i] <= q ? b[i] : 0f;
                }
            }
            case COMBINE -> {
                for (int i = from; i < to; i++) {
                    y[i] = (float) (p64 * a[i] + q64 * b[i]);
                }
            }
        }
    }

    /// Selects by masks on the bits: a choice in a loop is a jump, and mostly a wrong guess.
    private static void leakyReluGrad(float p, float[] x, float[] dy, float[] y, int from, int to) {
        int slope = p == 0f ? 0 : -1;
        for (int i = from; i < to; i++) {
            // bits of a number above 0, infinity too: 1 to 0x7f800000
            int bits = Float.floatToRawIntBits(x[i]) - 1;
            int above = ~(bits >> 31) & bits - 0x7f800000 >> 31;
            y[i] = Float.intBitsToFloat(Float.floatToRawIntBits(dy[i]) & above
                    | Float.floatToRawIntBits(p * dy[i]) & ~above & slope);
        }
    }
}
