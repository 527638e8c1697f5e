package wengert.tensor.cpu;

/// The innermost f32 loops, in two makes: vectors and plain loops. Everything above them (blocking, packing,
/// convolution) is the same code for both.
///
/// The product's unit is a *strip*: `C[m × columns] = A[m × k] · B[k × columns]`, where B is packed, one row
/// of `columns` numbers behind the other, and A and C are row-major in place.
abstract class F32Kernels {
    /// What this machine runs.
    static final F32Kernels BEST = Simd.PRESENT ? vector() : new PlainF32Kernels();

    /// Numbers of a panel per term.
    static final int PANEL_STEP = 8;

    /// In a method of its own, so that the class is not loaded where the Vector API is missing.
    private static F32Kernels vector() {
        return new VectorF32Kernels();
    }

    /// Columns of a strip.
    abstract int columns();

    /// C = A·B, or C += A·B. Each number of C is one chain of fused multiply-adds over k, then, if `add`, one
    /// addition: the same for every m and every way of cutting rows.
    ///
    /// @param m   rows
    /// @param k   terms
    /// @param lda distance of A's rows; within a row numbers are adjacent
    /// @param b   packed, `k · columns()` numbers from `bo`
    /// @param ldc distance of C's rows
    abstract void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co,
            int ldc, boolean add);

    /// Rows of a panel, if [#panels] is the faster way, else 0.
    int panelRows() {
        return 0;
    }

    /// [#strip] for rows of A in panels of [#panelRows]: number `row` of term p at `p·PANEL_STEP + row`;
    /// what else is there may change. The same bits.
    ///
    /// @param count panels
    /// @param step  distance of the panels
    void panels(int count, int k, float[] a, int ao, int step, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        throw new UnsupportedOperationException();
    }

    /// `strips` pieces of [#columns] numbers from `start`, one behind the other, into strips `step` apart.
    abstract void deal(float[] from, int start, float[] to, int at, int step, int strips);

    /// `to[at + j·ldt + i] = from[start + i·ldf + j]` for i below rows, j below columns.
    abstract void transpose(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows,
            int columns);

    /// `to[at + i] = from[start + i]` for i below n: a copy for short runs. Where vectors are used, the last
    /// one overlaps its neighbour and nothing outside of the run is touched.
    abstract void copy(float[] from, int start, float[] to, int at, int n);

    /// Rows of shifted windows: `to[at + r·ldt + i] = from[shift + rowAt[first + r] + i]` for r below rows, i
    /// below n.
    abstract void gatherRows(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at,
            int ldt, int n);
}
