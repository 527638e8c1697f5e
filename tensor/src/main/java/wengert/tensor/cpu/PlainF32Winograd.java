package wengert.tensor.cpu;

import java.util.Arrays;

/// Plain loops, for a JVM without the Vector API: the sums as matrices, `M · X · Mᵀ` for each column.
final class PlainF32Winograd extends F32Winograd {
    private static final float[][] INPUT3 = {{1, -1, 0}, {0, 1, 0}, {0, 1, -1}};
    private static final float[][] INPUT4 = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    private static final float[][] TWO3 = {{1, 0}, {1, 1}, {0, 1}};
    private static final float[][] TWO4 = {{1, 0}, {0.5f, 0.5f}, {0.5f, -0.5f}, {0, 1}};
    private static final float[][] THREE4 = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
    private static final float[][] OUTPUT3 = {{1, 1, 0}, {0, 1, -1}};
    private static final float[][] OUTPUT4 = {{1, 1, 1, 0}, {0, 1, -1, -1}};
    private static final float[][] TAPS4 = {{1, 1, 1, 0}, {0, 1, -1, 0}, {0, 1, 1, -1}};

    @Override
    int lanes() {
        return F32Kernels.BEST.columns();
    }

    @Override
    void input(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? INPUT3 : INPUT4, from, start, rows, fromStep, to, at, step, toStep, count);
    }

    @Override
    void weights(int taps, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(taps == 2 ? TWO3 : THREE4, from, start, rows, fromStep, to, at, step, toStep, count);
    }

    @Override
    void output(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? OUTPUT3 : OUTPUT4, from, start, rows, fromStep, to, at, step, toStep, count);
    }

    @Override
    void gradient(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? TWO3 : TWO4, from, start, rows, fromStep, to, at, step, toStep, count);
    }

    @Override
    void taps(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? OUTPUT3 : TAPS4, from, start, rows, fromStep, to, at, step, toStep, count);
    }

    private static void all(float[][] matrix, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        for (int n = 0; n < count; n++) {
            both(matrix, from, start + n * fromStep, rows, to, at + n * toStep, step);
        }
    }

    private static void both(float[][] matrix, float[] from, int start, int[] rows, float[] to, int at,
            int step) {
        int n = F32Kernels.BEST.columns();
        int size = matrix[0].length;
        float[] half = Scratch.mine().floats(8, size * n);
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < size; j++) {
                Arrays.fill(half, j * n, j * n + n, 0f);
                for (int k = 0; k < size; k++) {
                    add(matrix[i][k], from, start + rows[k * size + j], half, j * n, n);
                }
            }
            for (int j = 0; j < matrix.length; j++) {
                int out = at + (i * matrix.length + j) * step;
                Arrays.fill(to, out, out + n, 0f);
                for (int k = 0; k < size; k++) {
                    add(matrix[j][k], half, k * n, to, out, n);
                }
            }
        }
    }

    private static void add(float factor, float[] x, int xo, float[] y, int yo, int n) {
        if (factor != 0) {
            for (int i = 0; i < n; i++) {
                y[yo + i] += factor * x[xo + i];
            }
        }
    }
}
