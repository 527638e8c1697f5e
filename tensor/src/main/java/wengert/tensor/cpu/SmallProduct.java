package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import wengert.tensor.spi.View;

// M rows, N columns, K terms; C[M,N] = A[M,K] · B[K,N].
/// f32 products so small that packing, tasks and tiles would cost more than the product. A is read in place
/// with any strides, one number at a time; so is a B with adjacent columns, a vector at a time; another B is
/// transposed first. Each number of C is one chain of fused multiply-adds over K, as in [Gemm]: the same
/// bits.
final class SmallProduct {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int L = Species.LANES;
    /// Most multiply-adds, and most terms: one slice of [Gemm].
    private static final long MOST = 24 * 24 * 24;
    private static final int MOST_TERMS = 256;

    private SmallProduct() {
    }

    /// Whether this is the place for a product; otherwise [Gemm] is.
    static boolean fits(int m, int n, int k) {
        return n % L == 0 && k <= MOST_TERMS && (long) m * n * k <= MOST;
    }

    /// C = A·B.
    ///
    /// @param y columns adjacent
    static void multiply(int m, int n, int k, View a, View b, View y) {
        float[] bs = b.storage().f32();
        int bo = b.offset();
        int ldb = b.stride(0);
        if (b.stride(1) != 1) {
            float[] rows = Scratch.mine().floats(0, k * n);
            turn(k, n, bs, bo, ldb, b.stride(1), rows);
            bs = rows;
            bo = 0;
            ldb = n;
        }
        multiply(m, n, k, a.storage().f32(), a.offset(), a.stride(0), a.stride(1), bs, bo, ldb,
                y.storage().f32(), y.offset(), y.stride(0));
    }

    private static void turn(int k, int n, float[] b, int bo, int rowStep, int columnStep, float[] to) {
        if (rowStep == 1) {
            F32Kernels.BEST.transpose(b, bo, columnStep, to, 0, n, n, k);
            return;
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                to[p * n + j] = b[bo + p * rowStep + j * columnStep];
            }
        }
    }

    private static void multiply(int m, int n, int k, float[] a, int ao, int ars, int acs, float[] b, int bo,
            int ldb, float[] c, int co, int ldc) {
        int i = 0;
        for (; m - i >= 4; i += 4) {
            int j = 0;
            for (; n - j >= 2 * L; j += 2 * L) {
                tile4x2(k, a, ao + i * ars, ars, acs, b, bo + j, ldb, c, co + i * ldc + j, ldc);
            }
            if (j < n) {
                tile4x1(k, a, ao + i * ars, ars, acs, b, bo + j, ldb, c, co + i * ldc + j, ldc);
            }
        }
        for (; i < m; i++) {
            for (int j = 0; j < n; j += L) {
                tile1x1(k, a, ao + i * ars, acs, b, bo + j, ldb, c, co + i * ldc + j);
            }
        }
    }

    private static void tile4x2(int k, float[] a, int a0, int ars, int acs, float[] b, int bo, int ldb,
            float[] c, int co, int ldc) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        int a1 = a0 + ars;
        int a2 = a1 + ars;
        int a3 = a2 + ars;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, b, bo + p * ldb);
            FloatVector b1 = FloatVector.fromArray(S, b, bo + p * ldb + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + p * acs]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p * acs]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p * acs]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p * acs]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c10.intoArray(c, co + ldc);
        c11.intoArray(c, co + ldc + L);
        c20.intoArray(c, co + 2 * ldc);
        c21.intoArray(c, co + 2 * ldc + L);
        c30.intoArray(c, co + 3 * ldc);
        c31.intoArray(c, co + 3 * ldc + L);
    }

    private static void tile4x1(int k, float[] a, int a0, int ars, int acs, float[] b, int bo, int ldb,
            float[] c, int co, int ldc) {
        FloatVector c0 = FloatVector.zero(S);
        FloatVector c1 = FloatVector.zero(S);
        FloatVector c2 = FloatVector.zero(S);
        FloatVector c3 = FloatVector.zero(S);
        for (int p = 0; p < k; p++) {
            FloatVector x = FloatVector.fromArray(S, b, bo + p * ldb);
            int at = a0 + p * acs;
            c0 = FloatVector.broadcast(S, a[at]).fma(x, c0);
            c1 = FloatVector.broadcast(S, a[at + ars]).fma(x, c1);
            c2 = FloatVector.broadcast(S, a[at + 2 * ars]).fma(x, c2);
            c3 = FloatVector.broadcast(S, a[at + 3 * ars]).fma(x, c3);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + ldc);
        c2.intoArray(c, co + 2 * ldc);
        c3.intoArray(c, co + 3 * ldc);
    }

    private static void tile1x1(int k, float[] a, int ao, int acs, float[] b, int bo, int ldb, float[] c,
            int co) {
        FloatVector sum = FloatVector.zero(S);
        for (int p = 0; p < k; p++) {
            sum = FloatVector.broadcast(S, a[ao + p * acs]).fma(FloatVector.fromArray(S, b, bo + p * ldb),
                    sum);
        }
        sum.intoArray(c, co);
    }
}
