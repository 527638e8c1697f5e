package wengert.tensor.cpu;

// M rows, N columns, K terms; C[M,N] = A[M,K] · B[K,N].
/// The f32 matrix product. A task owns a block of C: it goes through K in slices, packs the block's part of B
/// into strips as wide as the register tile (so that the inner loop reads one line after the other), and
/// multiplies A's rows, in place, with each strip. The strip in use stays in the first-level cache, the
/// packed block in the second.
///
/// A is read in place if its numbers are adjacent and its rows do not crowd each other in the cache; else it
/// is copied in row-major blocks. B may have any strides. Each number of C is summed over K in the same
/// slices and order whatever the blocks, so that block sizes and threads do not change a bit.
final class Gemm {
    /// Terms per slice, columns per task, rows of A per block.
    private static final int KC = 256;
    private static final int NC = 256;
    private static final int MC = 96;
    /// Floats between the rows of a copied A, so that the rows of a tile lie in different sets of the
    /// first-level cache.
    private static final int SPARE = 16;
    private static final F32Kernels KERNELS = F32Kernels.BEST;

    private Gemm() {
    }

    /// An f32 matrix somewhere in an array.
    record Matrix(float[] data, int offset, int rowStep, int columnStep) {
        Matrix at(int row, int column) {
            return new Matrix(data, offset + row * rowStep + column * columnStep, rowStep, columnStep);
        }
    }

    /// C = A·B.
    ///
    /// @param ldc distance of C's rows; within a row numbers are adjacent
    static void multiply(int m, int n, int k, Matrix a, Matrix b, float[] c, int co, int ldc) {
        int nc = NC;
        int mc = m;
        if ((long) m * n * k > 64 * 64 * 64) {
            // Parts of rows each pack B again; parts of columns each pack A again, if it is packed at all.
            int tasks = Math.max(8, 2 * Parallel.threads());
            int across = (n + nc - 1) / nc;
            int wanted = (tasks + across - 1) / across;
            int down = Math.max(1, Math.min(wanted, m / (a.columnStep == 1 ? 128 : 32)));
            mc = (m + down - 1) / down;
            while (nc > KERNELS.columns() && down * ((n + nc - 1) / nc) < tasks) {
                nc /= 2;
            }
        }
        int width = Math.max(nc, KERNELS.columns());
        int height = mc;
        int across = (n + width - 1) / width;
        int down = (m + height - 1) / height;
        Parallel.run(across * down, t -> {
            int i = t / across * height;
            int j = t % across * width;
            block(Math.min(height, m - i), Math.min(width, n - j), k, a.at(i, 0), b.at(0, j), c,
                    co + i * ldc + j, ldc);
        });
    }

    private static void block(int m, int n, int k, Matrix a, Matrix b, float[] c, int co, int ldc) {
        int w = KERNELS.columns();
        int strips = (n + w - 1) / w;
        int slice = Math.min(k, KC);
        Scratch scratch = Scratch.mine();
        float[] packed = scratch.floats(0, strips * w * slice);
        for (int p = 0; p < k; p += slice) {
            int kc = Math.min(slice, k - p);
            packColumns(kc, n, b.at(p, 0), packed);
            for (int i = 0; i < m; i += MC) {
                int mc = Math.min(MC, m - i);
                Matrix rows = a.at(i, p);
                if (a.columnStep != 1 || strips > 1 && crowded(a.rowStep)) {
                    int step = kc + SPARE;
                    float[] copy = scratch.floats(1, mc * step);
                    packRows(mc, kc, rows, copy, step);
                    rows = new Matrix(copy, 0, step, 1);
                }
                for (int s = 0; s < strips; s++) {
                    strip(mc, Math.min(w, n - s * w), kc, rows, packed, s * w * kc, c, co + i * ldc + s * w,
                            ldc, p > 0, scratch);
                }
            }
        }
    }

    private static void strip(int m, int n, int k, Matrix a, float[] b, int bo, float[] c, int co, int ldc,
            boolean add, Scratch scratch) {
        int w = KERNELS.columns();
        if (n == w) {
            KERNELS.strip(m, k, a.data, a.offset, a.rowStep, b, bo, c, co, ldc, add);
            return;
        }
        float[] whole = scratch.floats(2, m * w);
        KERNELS.strip(m, k, a.data, a.offset, a.rowStep, b, bo, whole, 0, w, false);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int at = co + i * ldc + j;
                c[at] = add ? whole[i * w + j] + c[at] : whole[i * w + j];
            }
        }
    }

    /// A block of B as strips; columns that are not there become zeros.
    private static void packColumns(int k, int n, Matrix b, float[] to) {
        int w = KERNELS.columns();
        if (b.columnStep == 1) {
            // row by row, since rows may be pages apart
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < n; j += w) {
                    KERNELS.copy(b.data, b.offset + p * b.rowStep + j, to, j * k + p * w, Math.min(w, n - j));
                }
            }
        } else {
            for (int j = 0; j < n; j += w) {
                turnColumns(k, Math.min(w, n - j), b.at(0, j), to, j * k);
            }
        }
        int last = n % w;
        for (int p = 0; p < k && last > 0; p++) {
            int at = (n - last) * k + p * w;
            java.util.Arrays.fill(to, at + last, at + w, 0f);
        }
    }

    private static void turnColumns(int k, int n, Matrix b, float[] to, int at) {
        int w = KERNELS.columns();
        if (b.rowStep == 1) {
            KERNELS.transpose(b.data, b.offset, b.columnStep, to, at, w, n, k);
            return;
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                to[at + p * w + j] = b.data[b.offset + p * b.rowStep + j * b.columnStep];
            }
        }
    }

    /// Whether all rows of a tile lie in one or two sets of the first-level cache. With B's strip they then
    /// fill every way of these sets, and a second thread on the same core, which a virtual machine cannot
    /// rule out, drives them out.
    private static boolean crowded(int rowStep) {
        return rowStep % 512 == 0;
    }

    /// A block of A, row-major, its rows `step` apart.
    private static void packRows(int m, int k, Matrix a, float[] to, int step) {
        if (a.columnStep == 1) {
            for (int i = 0; i < m; i++) {
                KERNELS.copy(a.data, a.offset + i * a.rowStep, to, i * step, k);
            }
        } else if (a.rowStep == 1) {
            KERNELS.transpose(a.data, a.offset, a.columnStep, to, 0, step, k, m);
        } else {
            for (int i = 0; i < m; i++) {
                for (int p = 0; p < k; p++) {
                    to[i * step + p] = a.data[a.offset + i * a.rowStep + p * a.columnStep];
                }
            }
        }
    }
}
