package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.PlainMath.Function;

/// What runs without the Vector API computes what one number at a time does, bit for bit.
class PlainMathTest {
    private static final float[] SPECIAL = {0f, -0f, 1f, -1f, Float.NaN, Float.intBitsToFloat(0xffc00000),
        Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL,
        -Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 88.7f, 88.8f, 89.1f, -87.4f, -103.9f, -104.1f,
        9.1f, -9.2f};

    private static float one(Function f, float x) {
        return switch (f) {
            case EXP -> F32Math.exp(x);
            case LOG -> F32Math.log(x);
            case TANH -> F32Math.tanh(x);
            case SIGMOID -> F32Math.sigmoid(x);
            case SOFTPLUS -> F32Math.softplus(x);
        };
    }

    /// Special numbers, then numbers of every size, positive ones last: blocks with and without choices.
    private static float[] numbers(int n) {
        Random r = new Random(5);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            float v = i % 3 == 0 ? (float) r.nextGaussian() * 20 : Float.intBitsToFloat(r.nextInt());
            x[i] = i < SPECIAL.length ? SPECIAL[i] : i > n / 2 ? Math.abs((float) r.nextGaussian()) + 1e-30f
                    : v;
        }
        return x;
    }

    private static void assertBits(float expected, float actual, String what) {
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual),
                () -> what + ": expected " + expected + ", got " + actual);
    }

    @ParameterizedTest
    @EnumSource
    void blocksGiveTheBitsOfSingleNumbersBeforeAndAfterCompilation(Function f) {
        float[] x = numbers(9001);
        for (int pass = 0; pass < 300; pass++) {
            float[] y = new float[x.length];
            assertEquals(9000, PlainMath.run(f, x, y, 7, 9000));
            for (int i = 0; i < y.length && pass % 100 == 0; i++) {
                assertBits(i < 7 || i >= 9000 ? 0f : one(f, x[i]), y[i], f + " of " + x[i]);
            }
        }
    }

    @Test
    void gradientsGiveTheBitsOfSingleNumbers() {
        float[] x = numbers(3000);
        float[] dy = numbers(3000);
        float[] y = new float[3000];
        for (int pass = 0; pass < 100; pass++) {
            PlainMath.gradient(Function.TANH, x, dy, y, 0, 3000);
        }
        for (int i = 0; i < 3000; i++) {
            assertBits(F32Math.tanhGrad(x[i], dy[i]), y[i], "tanh gradient at " + x[i]);
        }
        PlainMath.gradient(Function.SIGMOID, x, dy, y, 0, 3000);
        for (int i = 0; i < 3000; i++) {
            assertBits(F32Math.sigmoidGrad(x[i], dy[i]), y[i], "sigmoid gradient at " + x[i]);
        }
    }

    @Test
    void aFunctionMayWriteOverItsArgument() {
        float[] x = numbers(5000);
        float[] y = x.clone();
        PlainMath.run(Function.SIGMOID, y, y, 0, 5000);
        for (int i = 0; i < y.length; i++) {
            assertBits(F32Math.sigmoid(x[i]), y[i], "sigmoid of " + x[i]);
        }
    }

    @Test
    void stripsAreChainsOfFusedMultiplyAddsAndTouchNothingElse() {
        var kernels = new PlainF32Kernels();
        Random r = new Random(3);
        int w = kernels.columns();
        for (int m : new int[] {1, 2, 5, 63, 64, 65, 131}) {
            for (int k : new int[] {0, 1, 3, 4, 7, 130}) {
                for (boolean add : new boolean[] {false, true}) {
                    int lda = k + 3;
                    int ldc = w + 5;
                    float[] a = random(r, m * lda + 2);
                    float[] b = random(r, k * w + 9);
                    float[] c = random(r, m * ldc + 4);
                    float[] expected = c.clone();
                    for (int i = 0; i < m; i++) {
                        for (int j = 0; j < w; j++) {
                            float s = 0;
                            for (int p = 0; p < k; p++) {
                                s = Math.fma(a[2 + i * lda + p], b[9 + p * w + j], s);
                            }
                            int at = 4 + i * ldc + j;
                            expected[at] = add ? expected[at] + s : s;
                        }
                    }
                    kernels.strip(m, k, a, 2, lda, b, 9, c, 4, ldc, add);
                    for (int i = 0; i < c.length; i++) {
                        assertBits(expected[i], c[i], m + " rows, " + k + " terms, at " + i);
                    }
                }
            }
        }
    }

    private static float[] random(Random r, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) r.nextGaussian();
        }
        return x;
    }
}
