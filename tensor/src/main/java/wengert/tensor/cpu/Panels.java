package wengert.tensor.cpu;

// M rows, K terms.
/// Rows of a product's left side made ready for [F32Kernels#panels]: six rows side by side each, and behind
/// the panels what is left over, at most eight rows one after the other for [F32Kernels#strip].
///
/// @param data  panels from [#START], each [#step] numbers long, then rows
/// @param rows  M
/// @param terms K
record Panels(float[] data, int rows, int terms) {
    private static final F32Kernels KERNELS = F32Kernels.BEST;
    private static final int STEP = F32Kernels.PANEL_STEP;
    /// Room before the first panel: the last one may be written from two numbers before its place.
    private static final int START = STEP;
    /// Beyond the panels' length, which would put equal terms of all into one set of the first-level cache.
    private static final int SPARE = 16;
    /// Panels of a block: 96 rows of 256 terms are 128 KB, so that they stay in the second-level cache.
    private static final int BLOCK = 16;

    /// Numbers that `rows` × `terms` occupy.
    static int size(int rows, int terms) {
        return START + (rows / KERNELS.panelRows() + 1) * (STEP * terms + SPARE) + STEP * (terms + SPARE);
    }

    private int step() {
        return STEP * terms + SPARE;
    }

    /// As many as there are; but eight rows are better as twice four than as six and two.
    private int panels() {
        int six = KERNELS.panelRows();
        return rows / six - (rows >= 8 && rows % six == 2 ? 1 : 0);
    }

    private int rest() {
        return START + panels() * step();
    }

    /// Copies a matrix.
    void pack(Gemm.Matrix a) {
        int six = KERNELS.panelRows();
        int panels = panels();
        if (a.rowStep() == 1) {
            for (int p = 0; p < terms; p++) {
                int from = a.offset() + p * a.columnStep();
                for (int q = 0; q < panels; q++) {
                    KERNELS.copy(a.data(), from + q * six, data, START + q * step() + p * STEP,
                            (q + 1) * six + 2 <= rows ? STEP : six);
                }
            }
        } else {
            for (int q = 0; q < panels; q++) {
                pack(a, q * six, START + q * step());
            }
        }
        int first = panels * six;
        a.at(first, 0).copy(rows - first, terms, data, rest(), terms + SPARE);
    }

    /// Eight rows are turned, since that is the size of a square in registers: the six of a panel and two
    /// after or before them, which land in unused numbers.
    private void pack(Gemm.Matrix a, int row, int at) {
        int from = row + STEP <= rows ? row : rows - STEP;
        if (a.columnStep() == 1 && from >= 0) {
            KERNELS.transpose(a.data(), a.offset() + from * a.rowStep(), a.rowStep(), data, at + from - row,
                    STEP, STEP, terms);
            return;
        }
        for (int p = 0; p < terms; p++) {
            for (int r = 0; r < KERNELS.panelRows(); r++) {
                data[at + p * STEP + r] = a.data()[a.offset() + (row + r) * a.rowStep() + p * a.columnStep()];
            }
        }
    }

    /// The first row of the block after the one that begins with `row`.
    int next(int row) {
        int next = row + BLOCK * KERNELS.panelRows();
        return next < panels() * KERNELS.panelRows() ? next : rows;
    }

    /// Multiplies the rows of a block with a strip; see [F32Kernels#strip].
    void multiply(int row, float[] b, int bo, float[] c, int co, int ldc, boolean add) {
        int first = row / KERNELS.panelRows();
        int count = Math.min(BLOCK, panels() - first);
        KERNELS.panels(count, terms, data, START + first * step(), step(), b, bo, c, co, ldc, add);
        int left = next(row) - row - count * KERNELS.panelRows();
        if (left > 0) {
            KERNELS.strip(left, terms, data, rest(), terms + SPARE, b, bo, c,
                    co + count * KERNELS.panelRows() * ldc, ldc, add);
        }
    }
}
