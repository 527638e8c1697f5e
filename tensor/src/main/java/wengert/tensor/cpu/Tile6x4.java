package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// A strip in tiles of 6 rows × 4 vectors: 24 sums, 4 vectors of B and one broadcast number of A live in 29 of 32
/// vector registers (AVX-512, NEON). Every sum is a local of its own and the loop is plain: that is the form in
/// which the compiler keeps all of them in registers. What is left over at the bottom runs in smaller tiles of
/// the same operations.
final class Tile6x4 {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int L = Species.LANES;
    /// Columns of a strip.
    static final int COLUMNS = 4 * Species.LANES;

    private Tile6x4() {
    }

    /// See [F32Kernels#strip].
    static void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        int i = 0;
        for (; m - i >= 6 && m - i != 8; i += 6) {
            rows6(k, a, ao + i * lda, lda, b, bo, c, co + i * ldc, ldc, add);
        }
        for (; m - i >= 4; i += 4) {
            rows4(k, a, ao + i * lda, lda, b, bo, c, co + i * ldc, ldc, add);
        }
        if (m - i >= 2) {
            rows2(k, a, ao + i * lda, lda, b, bo, c, co + i * ldc, ldc, add);
            i += 2;
        }
        if (m > i) {
            rows1(k, a, ao + i * lda, lda, b, bo, c, co + i * ldc, ldc, add);
        }
    }

    private static void rows6(int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(S), c01 = c00, c02 = c00, c03 = c00;
        FloatVector c10 = FloatVector.zero(S), c11 = c10, c12 = c10, c13 = c10;
        FloatVector c20 = FloatVector.zero(S), c21 = c20, c22 = c20, c23 = c20;
        FloatVector c30 = FloatVector.zero(S), c31 = c30, c32 = c30, c33 = c30;
        FloatVector c40 = FloatVector.zero(S), c41 = c40, c42 = c40, c43 = c40;
        FloatVector c50 = FloatVector.zero(S), c51 = c50, c52 = c50, c53 = c50;
        int a1 = ao + lda;
        int a2 = ao + 2 * lda;
        int a3 = ao + 3 * lda;
        int a4 = ao + 4 * lda;
        int a5 = ao + 5 * lda;
        for (int p = 0; p < k; p++) {
            int at = bo + p * COLUMNS;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[ao + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
        }
        store(c00, c01, c02, c03, c, co, add);
        store(c10, c11, c12, c13, c, co + ldc, add);
        store(c20, c21, c22, c23, c, co + 2 * ldc, add);
        store(c30, c31, c32, c33, c, co + 3 * ldc, add);
        store(c40, c41, c42, c43, c, co + 4 * ldc, add);
        store(c50, c51, c52, c53, c, co + 5 * ldc, add);
    }

    private static void rows4(int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(S), c01 = c00, c02 = c00, c03 = c00;
        FloatVector c10 = FloatVector.zero(S), c11 = c10, c12 = c10, c13 = c10;
        FloatVector c20 = FloatVector.zero(S), c21 = c20, c22 = c20, c23 = c20;
        FloatVector c30 = FloatVector.zero(S), c31 = c30, c32 = c30, c33 = c30;
        int a1 = ao + lda;
        int a2 = ao + 2 * lda;
        int a3 = ao + 3 * lda;
        for (int p = 0; p < k; p++) {
            int at = bo + p * COLUMNS;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[ao + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
        }
        store(c00, c01, c02, c03, c, co, add);
        store(c10, c11, c12, c13, c, co + ldc, add);
        store(c20, c21, c22, c23, c, co + 2 * ldc, add);
        store(c30, c31, c32, c33, c, co + 3 * ldc, add);
    }

    private static void rows2(int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(S), c01 = c00, c02 = c00, c03 = c00;
        FloatVector c10 = FloatVector.zero(S), c11 = c10, c12 = c10, c13 = c10;
        int a1 = ao + lda;
        for (int p = 0; p < k; p++) {
            int at = bo + p * COLUMNS;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[ao + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
        }
        store(c00, c01, c02, c03, c, co, add);
        store(c10, c11, c12, c13, c, co + ldc, add);
    }

    private static void rows1(int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        FloatVector c00 = FloatVector.zero(S), c01 = c00, c02 = c00, c03 = c00;
        for (int p = 0; p < k; p++) {
            int at = bo + p * COLUMNS;
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[ao + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
        }
        store(c00, c01, c02, c03, c, co, add);
    }

    private static void store(FloatVector v0, FloatVector v1, FloatVector v2, FloatVector v3, float[] c, int at,
            boolean add) {
        if (add) {
            v0 = v0.add(FloatVector.fromArray(S, c, at));
            v1 = v1.add(FloatVector.fromArray(S, c, at + L));
            v2 = v2.add(FloatVector.fromArray(S, c, at + 2 * L));
            v3 = v3.add(FloatVector.fromArray(S, c, at + 3 * L));
        }
        v0.intoArray(c, at);
        v1.intoArray(c, at + L);
        v2.intoArray(c, at + 2 * L);
        v3.intoArray(c, at + 3 * L);
    }
}
