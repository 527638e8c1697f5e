package wengert.tensor.cpu;

/// Plain loops, for a JVM without the Vector API.
final class PlainF32Kernels extends F32Kernels {
    private static final int COLUMNS = 16;

    @Override
    int columns() {
        return COLUMNS;
    }

    @Override
    void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        for (int j = 0; j < COLUMNS; j += 4) {
            int i = 0;
            for (; i <= m - 4; i += 4) {
                four(k, a, ao + i * lda, lda, b, bo + j, c, co + i * ldc + j, ldc, add);
            }
            for (; i < m; i++) {
                one(k, a, ao + i * lda, b, bo + j, c, co + i * ldc + j, add);
            }
        }
    }

    /// 4 × 4 sums in as many registers.
    private static void four(int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        float c00 = 0;
        float c01 = 0;
        float c02 = 0;
        float c03 = 0;
        float c10 = 0;
        float c11 = 0;
        float c12 = 0;
        float c13 = 0;
        float c20 = 0;
        float c21 = 0;
        float c22 = 0;
        float c23 = 0;
        float c30 = 0;
        float c31 = 0;
        float c32 = 0;
        float c33 = 0;
        int a1 = ao + lda;
        int a2 = ao + 2 * lda;
        int a3 = ao + 3 * lda;
        for (int p = 0, q = bo; p < k; p++, q += COLUMNS) {
            float b0 = b[q];
            float b1 = b[q + 1];
            float b2 = b[q + 2];
            float b3 = b[q + 3];
            float x0 = a[ao + p];
            c00 = Math.fma(x0, b0, c00);
            c01 = Math.fma(x0, b1, c01);
            c02 = Math.fma(x0, b2, c02);
            c03 = Math.fma(x0, b3, c03);
            float x1 = a[a1 + p];
            c10 = Math.fma(x1, b0, c10);
            c11 = Math.fma(x1, b1, c11);
            c12 = Math.fma(x1, b2, c12);
            c13 = Math.fma(x1, b3, c13);
            float x2 = a[a2 + p];
            c20 = Math.fma(x2, b0, c20);
            c21 = Math.fma(x2, b1, c21);
            c22 = Math.fma(x2, b2, c22);
            c23 = Math.fma(x2, b3, c23);
            float x3 = a[a3 + p];
            c30 = Math.fma(x3, b0, c30);
            c31 = Math.fma(x3, b1, c31);
            c32 = Math.fma(x3, b2, c32);
            c33 = Math.fma(x3, b3, c33);
        }
        put(c00, c01, c02, c03, c, co, add);
        put(c10, c11, c12, c13, c, co + ldc, add);
        put(c20, c21, c22, c23, c, co + 2 * ldc, add);
        put(c30, c31, c32, c33, c, co + 3 * ldc, add);
    }

    private static void one(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean add) {
        float c0 = 0;
        float c1 = 0;
        float c2 = 0;
        float c3 = 0;
        for (int p = 0, q = bo; p < k; p++, q += COLUMNS) {
            float x = a[ao + p];
            c0 = Math.fma(x, b[q], c0);
            c1 = Math.fma(x, b[q + 1], c1);
            c2 = Math.fma(x, b[q + 2], c2);
            c3 = Math.fma(x, b[q + 3], c3);
        }
        put(c0, c1, c2, c3, c, co, add);
    }

    private static void put(float c0, float c1, float c2, float c3, float[] c, int at, boolean add) {
        c[at] = add ? c[at] + c0 : c0;
        c[at + 1] = add ? c[at + 1] + c1 : c1;
        c[at + 2] = add ? c[at + 2] + c2 : c2;
        c[at + 3] = add ? c[at + 3] + c3 : c3;
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
    void gatherRows(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at, int ldt,
            int n) {
        for (int r = 0; r < rows; r++) {
            copy(from, shift + rowAt[first + r], to, at + r * ldt, n);
        }
    }
}
