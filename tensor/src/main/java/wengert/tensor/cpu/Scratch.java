package wengert.tensor.cpu;

import wengert.tensor.spi.DType;

/// Reusable working memory of one thread. A slot keeps its largest array, so a warmed-up kernel allocates
/// nothing; sizes are bounded by the tile sizes of the kernels, never by a whole batch. A kernel that fills a
/// slot must not call another kernel that uses the same one before it is finished with it.
final class Scratch {
    /// Elements that an elementwise kernel takes at a time when its operands are not contiguous: a few of
    /// these blocks stay in the first-level cache.
    static final int BLOCK = 2048;
    private static final int SLOTS = 9;
    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

    private final float[][] floats = new float[SLOTS][0];
    private final double[][] doubles = new double[SLOTS][0];
    private final int[][] ints = new int[SLOTS][0];
    private final Object[] labels = new Object[SLOTS];
    private final Object[][] blocks = new Object[SLOTS][DType.values().length];

    private Scratch() {
    }

    /// The calling thread's own.
    static Scratch mine() {
        return MINE.get();
    }

    /// At least `length` numbers of undefined content.
    float[] floats(int slot, int length) {
        labels[slot] = null;
        float[] a = floats[slot];
        return a.length >= length ? a : (floats[slot] = new float[roomy(length)]);
    }

    /// What [#floats] gave last, if it was labelled so since; else null.
    float[] labelled(int slot, Object label) {
        return labels[slot] == label ? floats[slot] : null;
    }

    /// Names the content of what [#floats] gave last, for a later task of the same work on this thread.
    void label(int slot, Object label) {
        labels[slot] = label;
    }

    /// At least `length` numbers of undefined content.
    double[] doubles(int slot, int length) {
        double[] a = doubles[slot];
        return a.length >= length ? a : (doubles[slot] = new double[roomy(length)]);
    }

    /// At least `length` numbers of undefined content.
    int[] ints(int slot, int length) {
        int[] a = ints[slot];
        return a.length >= length ? a : (ints[slot] = new int[roomy(length)]);
    }

    /// An array of [#BLOCK] elements of a dtype, for elementwise work; slots are apart from those above.
    Object block(int slot, DType dtype) {
        Object b = blocks[slot][dtype.ordinal()];
        return b != null ? b : (blocks[slot][dtype.ordinal()] = dtype.array(BLOCK));
    }

    private static int roomy(int length) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, (long) length + (length >> 3) + 64);
    }
}
