package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Transposes 8 × 8 floats in registers: three rounds that exchange, between rows h apart, the blocks of h ×
/// h off the diagonal, for h = 4, 2, 1.
final class Square8 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    private static final VectorShuffle<Float> UP4 = shift(-4);
    private static final VectorShuffle<Float> UP2 = shift(-2);
    private static final VectorShuffle<Float> UP1 = shift(-1);
    private static final VectorShuffle<Float> DOWN4 = shift(4);
    private static final VectorShuffle<Float> DOWN2 = shift(2);
    private static final VectorShuffle<Float> DOWN1 = shift(1);
    private static final VectorMask<Float> HIGH4 = VectorMask.fromLong(S, 0b11110000);
    private static final VectorMask<Float> HIGH2 = VectorMask.fromLong(S, 0b11001100);
    private static final VectorMask<Float> HIGH1 = VectorMask.fromLong(S, 0b10101010);
    private static final VectorMask<Float> LOW4 = HIGH4.not();
    private static final VectorMask<Float> LOW2 = HIGH2.not();
    private static final VectorMask<Float> LOW1 = HIGH1.not();

    private Square8() {
    }

    private static VectorShuffle<Float> shift(int by) {
        return VectorShuffle.fromOp(S, i -> i + by & 7);
    }

    private static FloatVector row(float[] x, int at) {
        return FloatVector.fromArray(S, x, at);
    }

    /// `to[at + j·ldt + i] = from[start + i·ldf + j]` for i, j below 8.
    static void transpose(float[] from, int start, int ldf, float[] to, int at, int ldt) {
        FloatVector a0 = row(from, start);
        FloatVector a1 = row(from, start + ldf);
        FloatVector a2 = row(from, start + 2 * ldf);
        FloatVector a3 = row(from, start + 3 * ldf);
        FloatVector a4 = row(from, start + 4 * ldf);
        FloatVector a5 = row(from, start + 5 * ldf);
        FloatVector a6 = row(from, start + 6 * ldf);
        FloatVector a7 = row(from, start + 7 * ldf);
        FloatVector b0 = a0.blend(a4.rearrange(UP4), HIGH4);
        FloatVector b4 = a4.blend(a0.rearrange(DOWN4), LOW4);
        FloatVector b1 = a1.blend(a5.rearrange(UP4), HIGH4);
        FloatVector b5 = a5.blend(a1.rearrange(DOWN4), LOW4);
        FloatVector b2 = a2.blend(a6.rearrange(UP4), HIGH4);
        FloatVector b6 = a6.blend(a2.rearrange(DOWN4), LOW4);
        FloatVector b3 = a3.blend(a7.rearrange(UP4), HIGH4);
        FloatVector b7 = a7.blend(a3.rearrange(DOWN4), LOW4);
        FloatVector c0 = b0.blend(b2.rearrange(UP2), HIGH2);
        FloatVector c2 = b2.blend(b0.rearrange(DOWN2), LOW2);
        FloatVector c1 = b1.blend(b3.rearrange(UP2), HIGH2);
        FloatVector c3 = b3.blend(b1.rearrange(DOWN2), LOW2);
        FloatVector c4 = b4.blend(b6.rearrange(UP2), HIGH2);
        FloatVector c6 = b6.blend(b4.rearrange(DOWN2), LOW2);
        FloatVector c5 = b5.blend(b7.rearrange(UP2), HIGH2);
        FloatVector c7 = b7.blend(b5.rearrange(DOWN2), LOW2);
        FloatVector d0 = c0.blend(c1.rearrange(UP1), HIGH1);
        FloatVector d1 = c1.blend(c0.rearrange(DOWN1), LOW1);
        FloatVector d2 = c2.blend(c3.rearrange(UP1), HIGH1);
        FloatVector d3 = c3.blend(c2.rearrange(DOWN1), LOW1);
        FloatVector d4 = c4.blend(c5.rearrange(UP1), HIGH1);
        FloatVector d5 = c5.blend(c4.rearrange(DOWN1), LOW1);
        FloatVector d6 = c6.blend(c7.rearrange(UP1), HIGH1);
        FloatVector d7 = c7.blend(c6.rearrange(DOWN1), LOW1);
        d0.intoArray(to, at);
        d1.intoArray(to, at + ldt);
        d2.intoArray(to, at + 2 * ldt);
        d3.intoArray(to, at + 3 * ldt);
        d4.intoArray(to, at + 4 * ldt);
        d5.intoArray(to, at + 5 * ldt);
        d6.intoArray(to, at + 6 * ldt);
        d7.intoArray(to, at + 7 * ldt);
    }
}
