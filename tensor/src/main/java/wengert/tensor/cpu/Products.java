package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// M rows, N columns, K terms.
/// `y[…,m,n] = Σ_k a[…,m,k] · b[…,k,n]` for any kind of number: sorts out batches and strides.
final class Products {
    private Products() {
    }

    static void matmul(View a, View b, View y) {
        if (y.shape().elements() == 0) {
            return;
        }
        int k = a.shape().size(-1);
        if (k == 0) {
            Copies.fill(y, 0);
            return;
        }
        int m = y.shape().size(-2);
        int n = y.shape().size(-1);
        if (Simd.PRESENT && y.dtype() == DType.F32 && y.shape().rank() == 2 && y.stride(1) == 1
                && SmallProduct.fits(m, n, k)) {
            SmallProduct.multiply(m, n, k, a, b, y);
            return;
        }
        View to = y.stride(-1) == 1 || y.shape().size(-1) == 1 ? y : Copies.target(y);
        Walk as = corners(a);
        Walk bs = corners(b);
        Walk ys = corners(to);
        int ldc = to.stride(-2);
        Parallel.Tile one = t -> {
            int ao = as.position(t);
            int bo = bs.position(t);
            int co = ys.position(t);
            switch (y.dtype()) {
                case F32 -> Gemm.multiply(m, n, k,
                        new Gemm.Matrix(a.storage().f32(), ao, a.stride(-2), step(a)),
                        new Gemm.Matrix(b.storage().f32(), bo, b.stride(-2), step(b)),
                        to.storage().f32(), co, ldc);
                case F64 -> F64Gemm.multiply(m, n, k, a.storage().f64(), ao, a.stride(-2), a.stride(-1),
                        b.storage().f64(), bo, b.stride(-2), b.stride(-1), to.storage().f64(), co, ldc,
                        false);
                default -> integers(m, n, k, a, ao, b, bo, to, co, ldc);
            }
        };
        int batch = ys.length();
        if (batch >= Parallel.threads() && (long) m * n * k < 128 * 128 * 128
                && (long) batch * m * n * k > 64 * 64 * 64) {
            Parallel.run(batch, one);
        } else {
            for (int t = 0; t < batch; t++) {
                one.run(t);
            }
        }
        if (to != y) {
            Copies.copy(to, y);
        }
    }

    /// The step from column to column; 1 where there is but one, so that the row counts as adjacent.
    private static int step(View v) {
        return v.shape().size(-1) == 1 ? 1 : v.stride(-1);
    }

    /// The first elements of all matrices of a batch.
    private static Walk corners(View v) {
        Shape s = v.shape();
        int[] sizes = s.toArray();
        sizes[s.rank() - 2] = 1;
        sizes[s.rank() - 1] = 1;
        return Walk.of(sizes, v.strides(), v.offset());
    }

    private static void integers(int m, int n, int k, View a, int ao, View b, int bo, View y, int co,
            int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                long sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += number(a, ao + i * a.stride(-2) + p * a.stride(-1))
                            * number(b, bo + p * b.stride(-2) + j * b.stride(-1));
                }
                int at = co + i * ldc + j;
                switch (y.dtype()) {
                    case I32 -> y.storage().i32()[at] = (int) sum;
                    case I64 -> y.storage().i64()[at] = sum;
                    default -> y.storage().bool()[at] = (byte) (sum != 0 ? 1 : 0);
                }
            }
        }
    }

    private static long number(View v, int at) {
        return switch (v.dtype()) {
            case I32 -> v.storage().i32()[at];
            case I64 -> v.storage().i64()[at];
            default -> v.storage().bool()[at];
        };
    }
}
