package wengert.tensor.cpu;

/// Plain loops, for a JVM without the Vector API. The compiler turns the inner ones into vector code.
final class PlainF32Kernels extends F32Kernels {
    private static final int COLUMNS = 64;

    @Override
    int columns() {
        return COLUMNS;
    }

    @Override
    void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        float[] sums = new float[COLUMNS];
        for (int i = 0; i < m; i++) {
            java.util.Arrays.fill(sums, 0f);
            for (int p = 0; p < k; p++) {
                axpy(a[ao + i * lda + p], b, bo + p * COLUMNS, sums);
            }
            int row = co + i * ldc;
            for (int j = 0; j < COLUMNS; j++) {
                c[row + j] = add ? c[row + j] + sums[j] : sums[j];
            }
        }
    }

    private static void axpy(float x, float[] b, int bo, float[] sums) {
        for (int j = 0; j < COLUMNS; j++) {
            sums[j] = Math.fma(x, b[bo + j], sums[j]);
        }
    }

    @Override
    void transpose(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[at + j * ldt + i] = from[start + i * ldf + j];
            }
        }
    }

    @Override
    void copy(float[] from, int start, float[] to, int at, int n) {
        if (n >= 16) {
            System.arraycopy(from, start, to, at, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            to[at + i] = from[start + i];
        }
    }

    @Override
    void gatherRows(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at, int ldt, int n) {
        for (int r = 0; r < rows; r++) {
            copy(from, shift + rowAt[first + r], to, at + r * ldt, n);
        }
    }

    @Override
    void everyOther(float[] from, int start, float[] to, int at, int n) {
        for (int i = 0; i < n; i++) {
            to[at + i] = from[start + 2 * i];
        }
    }

    @Override
    void interleave(float[] from, int even, int odd, float[] to, int at, int n) {
        for (int i = 0; i < n; i++) {
            to[at + 2 * i] = from[even + i];
            to[at + 2 * i + 1] = from[odd + i];
        }
    }
}
