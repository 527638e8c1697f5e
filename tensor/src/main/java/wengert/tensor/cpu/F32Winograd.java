package wengert.tensor.cpu;

/// The sums of [Winograd] before and after the products, in two makes as [F32Kernels]. Each takes a square of
/// rows and computes another square of rows from it, column by column, `lanes()` columns at a time and
/// `count` times: row (i, j) comes from `from[start + rows[i·size + j] + n·fromStep]`, and row (i, j) of the
/// result goes to `to[at + (i·size + j)·step + n·toStep]`, for n below count. A column is a tile, a pixel or
/// a channel.
abstract class F32Winograd {
    /// What this machine runs.
    static final F32Winograd BEST = Simd.PRESENT ? vector() : new PlainF32Winograd();

    private static F32Winograd vector() {
        return new VectorF32Winograd();
    }

    /// Columns at a time.
    abstract int lanes();

    /// points × points numbers of x to as many factors.
    abstract void input(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count);

    /// taps × taps weights to points × points factors.
    abstract void weights(int taps, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count);

    /// points × points sums of products to 2 × 2 outputs; output (i, j) goes to
    /// `to[at + i·rowStep + j·step + n·toStep]`.
    abstract void output(int points, float[] from, int start, int[] rows, int fromStep, float[] to, int at,
            int rowStep, int step, int toStep, int count);

    /// For the weight gradient, where 2 × 2 numbers of dy are the window that moves over x, and taps × taps
    /// weights are the outputs: dy to points × points factors.
    abstract void gradient(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count);

    /// points × points sums of products to (points − 1) × (points − 1) weights.
    abstract void taps(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count);
}
