package wengert.tensor.cpu;

import java.util.Arrays;

/// Plain loops, for a JVM without the Vector API: written so that the compiler makes vector code of them. It
/// does where all arrays of a loop share one index, and nothing is carried from one element to the next; so
/// rows of B and sums of C are arrays of their own, and the loop goes across a strip, four terms of two rows
/// at a time.
final class PlainF32Kernels extends F32Kernels {
    /// The compiler's vector loops begin and end with some single elements; with fewer columns most were
    /// single.
    private static final int COLUMNS = 64;
    /// Rows whose sums stay in the first-level cache.
    private static final int ROWS = 64;
    private static final ThreadLocal<Rows> MINE = ThreadLocal.withInitial(Rows::new);

    /// A thread's rows: of B, as many as there are terms, and of sums, with one more for whom nobody asks.
    private static final class Rows {
        private final float[][] sums = new float[ROWS + 1][COLUMNS];
        private float[][] b = {};

        float[][] b(int count) {
            if (b.length < count) {
                b = new float[count][COLUMNS];
            }
            return b;
        }
    }

    @Override
    int columns() {
        return COLUMNS;
    }

    @Override
    void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        Rows mine = MINE.get();
        float[][] rows = mine.b(k);
        for (int p = 0; p < k; p++) {
            System.arraycopy(b, bo + p * COLUMNS, rows[p], 0, COLUMNS);
        }
        for (int i = 0; i < m; i += ROWS) {
            int some = Math.min(ROWS, m - i);
            block(some, k, a, ao + i * lda, lda, rows, mine.sums);
            for (int r = 0; r < some; r++) {
                put(mine.sums[r], c, co + (i + r) * ldc, add);
            }
        }
    }

    private static void block(int m, int k, float[] a, int ao, int lda, float[][] b, float[][] sums) {
        for (int i = 0; i < m; i++) {
            Arrays.fill(sums[i], 0f);
        }
        int p = 0;
        for (; p <= k - 4; p += 4) {
            for (int i = 0; i < m; i += 2) {
                // of an odd number of rows, the last one is computed twice
                int at = ao + i * lda + p;
                four(sums[i], sums[i + 1 < m ? i + 1 : ROWS], b[p], b[p + 1], b[p + 2], b[p + 3], a, at,
                        i + 1 < m ? at + lda : at);
            }
        }
        for (; p < k; p++) {
            for (int i = 0; i < m; i++) {
                one(sums[i], b[p], a[ao + i * lda + p]);
            }
        }
    }

    /// Four terms of two rows.
    private static void four(float[] c, float[] d, float[] b0, float[] b1, float[] b2, float[] b3, float[] a,
            int ao, int at) {
        float x0 = a[ao];
        float x1 = a[ao + 1];
        float x2 = a[ao + 2];
        float x3 = a[ao + 3];
        float y0 = a[at];
        float y1 = a[at + 1];
        float y2 = a[at + 2];
        float y3 = a[at + 3];
        for (int j = 0; j < COLUMNS; j++) {
            float u0 = b0[j];
            float u1 = b1[j];
            float u2 = b2[j];
            float u3 = b3[j];
            c[j] = Math.fma(x3, u3, Math.fma(x2, u2, Math.fma(x1, u1, Math.fma(x0, u0, c[j]))));
            d[j] = Math.fma(y3, u3, Math.fma(y2, u2, Math.fma(y1, u1, Math.fma(y0, u0, d[j]))));
        }
    }

    private static void one(float[] c, float[] b, float x) {
        for (int j = 0; j < COLUMNS; j++) {
            c[j] = Math.fma(x, b[j], c[j]);
        }
    }

    private static void put(float[] sums, float[] c, int at, boolean add) {
        if (!add) {
            System.arraycopy(sums, 0, c, at, COLUMNS);
            return;
        }
        for (int j = 0; j < COLUMNS; j++) {
            c[at + j] += sums[j];
        }
    }

    @Override
    void deal(float[] from, int start, float[] to, int at, int step, int strips) {
        for (int s = 0; s < strips; s++) {
            System.arraycopy(from, start + s * COLUMNS, to, at + s * step, COLUMNS);
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
    void gatherRows(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at, int ldt,
            int n) {
        for (int r = 0; r < rows; r++) {
            copy(from, shift + rowAt[first + r], to, at + r * ldt, n);
        }
    }
}
