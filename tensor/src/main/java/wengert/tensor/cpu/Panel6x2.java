package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The tile of [Tile6x2] with A in *panels*: six rows side by side, number `8·p + row` for term p, the last
/// two of eight unused. A term then takes some 26 instructions instead of 33, since all broadcasts share one
/// index and B's is twice that. Alone on its core a thread does not care: either way it is bound by 12
/// multiply-adds in 6 cycles. But a virtual machine may share the core with another thread; then three
/// instructions a cycle are left, and the tile is 1.3 times as fast.
///
/// What [Tile6x2] says of the compiler's schedule holds here too, but a loop of so few integers needs another
/// means. The first two unused numbers of the panel are read before the loop and put back after it,
/// exchanged, so that the compiler cannot drop them. With the 12 sums, 14 vector registers are then wanted at
/// the head of the loop, and with the next one everything is scheduled by pressure; the two wait on the
/// stack. With one more or one less all broadcasts move to the front, sums live in memory, and 0.45 of the
/// speed is left. Threads that share a panel exchange these two under each other's eyes, which does no harm:
/// no result depends on them.
final class Panel6x2 {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int L = Species.LANES;
    /// Rows of a panel.
    static final int ROWS = 6;
    /// Numbers of a panel per term.
    static final int STEP = F32Kernels.PANEL_STEP;

    private Panel6x2() {
    }

    /// See [F32Kernels#panels]; for vectors of 8 numbers.
    static void strip(int panels, int k, float[] a, int ao, int step, float[] b, int bo, float[] c, int co,
            int ldc, boolean add) {
        for (int i = 0; i < panels; i++) {
            rows6(k, a, ao + i * step, b, bo, c, co + i * ROWS * ldc, ldc, add);
        }
    }

    private static void rows6(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        int r1 = co + ldc;
        int r2 = co + 2 * ldc;
        int r3 = co + 3 * ldc;
        int r4 = co + 4 * ldc;
        int r5 = co + 5 * ldc;
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        float unused6 = a[ao + 6]; // see above
        float unused7 = a[ao + 7];
        int base = bo - 2 * ao;
        int end = ao + STEP * k;
        for (int p = ao; p < end; p += STEP) {
            FloatVector b0 = FloatVector.fromArray(S, b, base + 2 * p);
            FloatVector b1 = FloatVector.fromArray(S, b, base + 2 * p + L);
            FloatVector x0 = FloatVector.broadcast(S, a[p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[p + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(S, a[p + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[p + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(S, a[p + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[p + 5]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        a[ao + 6] = unused7;
        a[ao + 7] = unused6;
        if (add) {
            c00 = c00.add(FloatVector.fromArray(S, c, co));
            c01 = c01.add(FloatVector.fromArray(S, c, co + L));
            c10 = c10.add(FloatVector.fromArray(S, c, r1));
            c11 = c11.add(FloatVector.fromArray(S, c, r1 + L));
            c20 = c20.add(FloatVector.fromArray(S, c, r2));
            c21 = c21.add(FloatVector.fromArray(S, c, r2 + L));
            c30 = c30.add(FloatVector.fromArray(S, c, r3));
            c31 = c31.add(FloatVector.fromArray(S, c, r3 + L));
            c40 = c40.add(FloatVector.fromArray(S, c, r4));
            c41 = c41.add(FloatVector.fromArray(S, c, r4 + L));
            c50 = c50.add(FloatVector.fromArray(S, c, r5));
            c51 = c51.add(FloatVector.fromArray(S, c, r5 + L));
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c10.intoArray(c, r1);
        c11.intoArray(c, r1 + L);
        c20.intoArray(c, r2);
        c21.intoArray(c, r2 + L);
        c30.intoArray(c, r3);
        c31.intoArray(c, r3 + L);
        c40.intoArray(c, r4);
        c41.intoArray(c, r4 + L);
        c50.intoArray(c, r5);
        c51.intoArray(c, r5 + L);
    }
}
