package wengert.tensor.cpu;

// M rows, N columns, K terms; C[M,N] = A[M,K] · B[K,N].
/// The f64 matrix product, in plain loops that the compiler turns into vector code. A task owns a
/// block of C; the part of B it needs is copied slice by slice, so that all its rows find it in the cache.
final class F64Gemm {
    /// Columns and terms whose part of B stays in the second-level cache.
    private static final int NC = 256;
    private static final int KC = 128;

    private F64Gemm() {
    }

    /// C = A·B, or C += A·B; A and B have any strides (rows, columns), C's rows are contiguous.
    static void multiply(int m, int n, int k, double[] a, int ao, int ars, int acs, double[] b, int bo,
            int brs, int bcs, double[] c, int co, int ldc, boolean add) {
        int across = (n + NC - 1) / NC;
        int height = (long) m * n * k < 64 * 64 * 64 ? m : (m + 7) / 8;
        int down = (m + height - 1) / height;
        Parallel.run(across * down, t -> {
            int i = t / across * height;
            int j = t % across * NC;
            block(Math.min(height, m - i), Math.min(NC, n - j), k, a, ao + i * ars, ars, acs, b, bo + j * bcs,
                    brs, bcs, c, co + i * ldc + j, ldc, add);
        });
    }

    private static void block(int m, int n, int k, double[] a, int ao, int ars, int acs, double[] b, int bo,
            int brs, int bcs, double[] c, int co, int ldc, boolean add) {
        double[] packed = Scratch.mine().doubles(0, n * Math.min(k, KC));
        for (int i = 0; i < m && !add; i++) {
            java.util.Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0);
        }
        for (int p = 0; p < k; p += KC) {
            int kc = Math.min(KC, k - p);
            for (int q = 0; q < kc; q++) {
                Runs.copy(b, bo + (p + q) * brs, bcs, packed, q * n, 1, n);
            }
            for (int i = 0; i < m; i++) {
                for (int q = 0; q < kc; q++) {
                    axpy(n, a[ao + i * ars + (p + q) * acs], packed, q * n, c, co + i * ldc);
                }
            }
        }
    }

    /// c += x·b
    private static void axpy(int n, double x, double[] b, int bo, double[] c, int co) {
        for (int j = 0; j < n; j++) {
            c[co + j] = Math.fma(x, b[bo + j], c[co + j]);
        }
    }
}
