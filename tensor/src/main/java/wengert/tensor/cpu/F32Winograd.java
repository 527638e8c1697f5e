package wengert.tensor.cpu;

/// The sums of [Winograd] before and after the products, in two makes as [F32Kernels]. Each takes rows of n numbers,
/// one number per tile, pixel or channel, and computes other rows from them, column by column: row (i, j) of a
/// square of them comes from `from[start + rows[i·size + j]]`, and row (i, j) of the result goes to
/// `to[at + (i·size + j)·step]`. n is a multiple of a vector's lanes.
abstract class F32Winograd {
    /// What this machine runs.
    static final F32Winograd BEST = Simd.PRESENT ? vector() : new PlainF32Winograd();

    private static F32Winograd vector() {
        return new VectorF32Winograd();
    }

    /// True if [#input] is at home with rows of n numbers.
    abstract boolean suits(int n);

    /// points × points numbers of x to as many factors.
    abstract void input(int points, float[] from, int start, int[] rows, float[] to, int at, int step, int n);

    /// taps × taps weights to points × points factors.
    abstract void weights(int taps, float[] from, int start, int[] rows, float[] to, int at, int step, int n);

    /// points × points sums of products to 2 × 2 outputs.
    abstract void output(int points, float[] from, int start, int[] rows, float[] to, int at, int step, int n);

    /// For the weight gradient, where 2 × 2 numbers of dy are the window that moves over x, and taps × taps weights
    /// are the outputs: dy to points × points factors.
    abstract void gradient(int points, float[] from, int start, int[] rows, float[] to, int at, int step, int n);

    /// points × points sums of products to (points − 1) × (points − 1) weights.
    abstract void taps(int points, float[] from, int start, int[] rows, float[] to, int at, int step, int n);
}
