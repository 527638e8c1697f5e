package wengert.tensor.cpu;

import java.util.Arrays;

// M rows, N columns, K terms; C[M,N] = A[M,K] · B[K,N].
/// The f32 matrix product. A task owns a block of C: it goes through K in slices, packs the block's part of B
/// into strips as wide as the register tile (so that the inner loop reads one line after the other), and
/// multiplies A's rows with each strip. The strip in use stays in the first-level cache, the
/// packed block in the second.
///
/// Where many strips meet the same rows of A, these are packed as well, into [Panels]. Otherwise A is read in
/// place if its numbers are adjacent and its rows do not crowd each other in the cache; else it is copied in
/// row-major blocks. B may have any strides. Each number of C is summed over K in the same
/// slices and order whatever the blocks, so that block sizes and threads do not change a bit.
final class Gemm {
    /// Terms per slice, columns per task, rows of A per block.
    private static final int KC = 256;
    private static final int NC = 256;
    private static final int MC = 96;
    /// Most rows of one slice that a thread keeps packed from task to task: 700 KB.
    private static final int KEPT = 512;
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

        /// Writes the first m × k numbers row-major, rows `step` apart.
        void copy(int m, int k, float[] to, int start, int step) {
            if (columnStep == 1) {
                for (int i = 0; i < m; i++) {
                    KERNELS.copy(data, offset + i * rowStep, to, start + i * step, k);
                }
            } else if (rowStep == 1) {
                KERNELS.transpose(data, offset, columnStep, to, start, step, k, m);
            } else {
                for (int i = 0; i < m; i++) {
                    for (int p = 0; p < k; p++) {
                        to[start + i * step + p] = data[offset + i * rowStep + p * columnStep];
                    }
                }
            }
        }
    }

    /// C = A·B.
    ///
    /// @param ldc distance of C's rows; within a row numbers are adjacent
    static void multiply(int m, int n, int k, Matrix a, Matrix b, float[] c, int co, int ldc) {
        int nc = NC;
        int mc = m;
        if ((long) m * n * k > 64 * 64 * 64) {
            // Parts of rows each pack B again; parts of columns each pack A again, unless it is one slice
            // deep and stays with its thread.
            int tasks = Math.max(8, 2 * Parallel.threads());
            int across = (n + nc - 1) / nc;
            int wanted = (tasks + across - 1) / across;
            int least = a.columnStep == 1 ? 128 : 32;
            if (KERNELS.panelRows() > 0 && k <= KC && n >= tasks * 2 * KERNELS.columns()) {
                least = KEPT / 2;
            }
            int down = Math.max(1, Math.min(wanted, m / least));
            mc = (m + down - 1) / down;
            while (nc > KERNELS.columns() && down * ((n + nc - 1) / nc) < tasks) {
                nc /= 2;
            }
        }
        int width = Math.max(nc, KERNELS.columns());
        int height = mc;
        int across = (n + width - 1) / width;
        int down = (m + height - 1) / height;
        boolean keep = k <= KC && height <= KEPT;
        boolean panels = panels(height, keep ? n / Parallel.threads() : Math.min(n, width), a);
        Object[] labels = new Object[down];
        Arrays.setAll(labels, i -> keep ? new Object() : null);
        Parallel.run(across * down, t -> {
            int i = t / across * height;
            int j = t % across * width;
            int rows = Math.min(height, m - i);
            int columns = Math.min(width, n - j);
            if (panels) {
                panelBlock(rows, columns, k, a.at(i, 0), b.at(0, j), c, co + i * ldc + j, ldc,
                        labels[t / across]);
            } else {
                block(rows, columns, k, a.at(i, 0), b.at(0, j), c, co + i * ldc + j, ldc);
            }
        });
    }

    /// Whether A goes into panels: where it must be copied anyway, or where enough strips of B meet each row.
    ///
    /// @param n columns that a packed A serves
    private static boolean panels(int m, int n, Matrix a) {
        return KERNELS.panelRows() > 0 && m >= KERNELS.panelRows()
                && (a.columnStep != 1 || n > 4 * KERNELS.columns());
    }

    /// @param label for a thread's later tasks with these rows, of one slice; or null
    private static void panelBlock(int m, int n, int k, Matrix a, Matrix b, float[] c, int co, int ldc,
            Object label) {
        int w = KERNELS.columns();
        int strips = (n + w - 1) / w;
        int slice = Math.min(k, KC);
        Scratch scratch = Scratch.mine();
        float[] packed = scratch.floats(0, strips * stripStep(slice));
        for (int p = 0; p < k; p += slice) {
            int kc = Math.min(slice, k - p);
            packColumns(kc, n, b.at(p, 0), packed);
            int height = label != null ? m : MC;
            for (int i = 0; i < m; i += height) {
                Panels left = panels(Math.min(height, m - i), kc, a.at(i, p), scratch, label);
                for (int row = 0; row < left.rows(); row = left.next(row)) {
                    for (int s = 0; s < strips; s++) {
                        int rows = left.next(row) - row;
                        int to = co + (i + row) * ldc + s * w;
                        if (n - s * w >= w) {
                            left.multiply(row, packed, s * stripStep(kc), c, to, ldc, p > 0);
                        } else {
                            float[] whole = scratch.floats(2, rows * w);
                            left.multiply(row, packed, s * stripStep(kc), whole, 0, w, false);
                            put(rows, n - s * w, whole, c, to, ldc, p > 0);
                        }
                    }
                }
            }
        }
    }

    private static Panels panels(int m, int k, Matrix a, Scratch scratch, Object label) {
        float[] there = label == null ? null : scratch.labelled(1, label);
        if (there != null) {
            return new Panels(there, m, k);
        }
        Panels made = new Panels(scratch.floats(1, Panels.size(m, k)), m, k);
        made.pack(a);
        scratch.label(1, label);
        return made;
    }

    private static void block(int m, int n, int k, Matrix a, Matrix b, float[] c, int co, int ldc) {
        int w = KERNELS.columns();
        int strips = (n + w - 1) / w;
        int slice = Math.min(k, KC);
        Scratch scratch = Scratch.mine();
        float[] packed = scratch.floats(0, strips * stripStep(slice));
        for (int p = 0; p < k; p += slice) {
            int kc = Math.min(slice, k - p);
            packColumns(kc, n, b.at(p, 0), packed);
            for (int i = 0; i < m; i += MC) {
                int mc = Math.min(MC, m - i);
                Matrix rows = a.at(i, p);
                if (a.columnStep != 1 || strips > 1 && crowded(a.rowStep)) {
                    int step = kc + SPARE;
                    float[] copy = scratch.floats(1, mc * step);
                    rows.copy(mc, kc, copy, 0, step);
                    rows = new Matrix(copy, 0, step, 1);
                }
                for (int s = 0; s < strips; s++) {
                    strip(mc, Math.min(w, n - s * w), kc, rows, packed, s * stripStep(kc), c,
                            co + i * ldc + s * w, ldc, p > 0, scratch);
                }
            }
        }
    }

    /// Distance of B's strips: a line beyond their length, which would put equal rows of all into one set of
    /// the first-level cache.
    private static int stripStep(int k) {
        return (k + 1) * KERNELS.columns();
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
        put(m, n, whole, c, co, ldc, add);
    }

    /// Takes over what there is of a strip.
    private static void put(int m, int n, float[] whole, float[] c, int co, int ldc, boolean add) {
        int w = KERNELS.columns();
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
        int step = stripStep(k);
        int last = n % w;
        if (b.columnStep == 1) {
            // row by row, since rows may be pages apart
            for (int p = 0; p < k; p++) {
                int from = b.offset + p * b.rowStep;
                KERNELS.deal(b.data, from, to, p * w, step, n / w);
                if (last > 0) {
                    KERNELS.copy(b.data, from + n - last, to, n / w * step + p * w, last);
                }
            }
        } else {
            for (int s = 0; s * w < n; s++) {
                turnColumns(k, Math.min(w, n - s * w), b.at(0, s * w), to, s * step);
            }
        }
        for (int p = 0; p < k && last > 0; p++) {
            int at = n / w * step + p * w;
            Arrays.fill(to, at + last, at + w, 0f);
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
}
