package wengert.tensor.cpu;

/// The moves of numbers around a convolution's products, in two makes as [F32Kernels]. All but one move a
/// block of rows, `ldf` apart where they come from and `ldt` apart where they go; short rows are the rule (a
/// small picture has rows of one vector or less), so the loop over rows is inside.
abstract class F32Windows {
    /// What this machine runs.
    static final F32Windows BEST = Simd.PRESENT ? vector() : new PlainF32Windows();

    private static F32Windows vector() {
        return new VectorF32Windows();
    }

    /// `to[at + i·ldt + j] = from[start + i·ldf + j]` for i below rows, j below n.
    abstract void block(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n);

    /// [#block], with `bias[bo + i]` added to row i.
    abstract void biased(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n,
            float[] bias, int bo);

    /// `to[even + i·ldt + j] = from[start + i·ldf + 2j]` and
    /// `to[odd + i·ldt + j] = from[start + i·ldf + 2j + 1]`.
    abstract void split(float[] from, int start, int ldf, float[] to, int even, int odd, int ldt, int rows,
            int n);

    /// `to[at[b] + i·ldt + j] = from[start + i·ldf + 4j + b]` for b below 4.
    abstract void quarters(float[] from, int start, int ldf, float[] to, int[] at, int ldt, int rows, int n);

    /// `to[at + i·ldt + 2j] = from[even + i·ldf + j]` and `to[at + i·ldt + 2j + 1] = from[odd + i·ldf + j]`.
    abstract void weave(float[] from, int even, int odd, int ldf, float[] to, int at, int ldt, int rows,
            int n);

    /// How many columns of a strip are moved at a time if rows of `width` pixels fill it: a divisor of the
    /// width, 1 if there is none worth while.
    abstract int piece(int width);

    /// Fills a strip, its rows [F32Kernels#columns] apart, piece by piece: piece i of row r comes from
    /// `from[start + rowAt[r] + shift[first + i]]`.
    ///
    /// @param piece as [#piece] says, more than 1
    abstract void gather(float[] from, int start, int[] rowAt, int rows, int[] shift, int first, int pieces,
            int piece, float[] to);

    /// `y[yo + i] = start + Σ_t w[wo + t] · x[at[t] + i]` for i below n, t below taps.
    ///
    /// @param n a multiple of 32
    abstract void taps(float[] x, int[] at, float[] w, int wo, int taps, float start, float[] y, int yo,
            int n);

    /// Adds `Σ_i x[at[t] + i] · y[i]` for i below n to the 32 numbers from `sums[so + 32·t]`, in some fixed
    /// division among them.
    ///
    /// @param n a multiple of 32
    abstract void dots(float[] x, int[] at, float[] y, int n, float[] sums, int so);
}
