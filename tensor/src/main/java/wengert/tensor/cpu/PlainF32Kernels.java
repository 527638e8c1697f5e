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
            for (int i = 0; i < m; i += 4) {
                four(sums, i, m, b, p, a, ao + i * lda + p, lda);
            }
        }
        for (; p < k; p++) {
            for (int i = 0; i < m; i++) {
                one(sums[i], b[p], a[ao + i * lda + p]);
            }
        }
    }

    /// Four terms of up to four rows, two at a time: then eight factors, four rows of B and two of sums, all
    /// vectors of the loop, are in registers. For an odd row the one that is missing is another one again.
    ///
    /// More than 325 bytes of bytecode, and so nothing that C2 inlines. Within its callers' loops it made
    /// vector code of these in some runs only; in others they took two to four times as long.
    private static void four(float[][] sums, int i, int m, float[][] b, int p, float[] a, int ao, int lda) {
        float[] b0 = b[p];
        float[] b1 = b[p + 1];
        float[] b2 = b[p + 2];
        float[] b3 = b[p + 3];
        float[] c = sums[i];
        float[] d = sums[i + 1 < m ? i + 1 : ROWS];
        int at = i + 1 < m ? ao + lda : ao;
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
        if (i + 2 >= m) {
            return;
        }
        float[] e = sums[i + 2];
        float[] f = sums[i + 3 < m ? i + 3 : ROWS];
        int from = ao + 2 * lda;
        int to = i + 3 < m ? from + lda : from;
        float v0 = a[from];
        float v1 = a[from + 1];
        float v2 = a[from + 2];
        float v3 = a[from + 3];
        float w0 = a[to];
        float w1 = a[to + 1];
        float w2 = a[to + 2];
        float w3 = a[to + 3];
        for (int j = 0; j < COLUMNS; j++) {
            float u0 = b0[j];
            float u1 = b1[j];
            float u2 = b2[j];
            float u3 = b3[j];
            e[j] = Math.fma(v3, u3, Math.fma(v2, u2, Math.fma(v1, u1, Math.fma(v0, u0, e[j]))));
            f[j] = Math.fma(w3, u3, Math.fma(w2, u2, Math.fma(w1, u1, Math.fma(w0, u0, f[j]))));
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
