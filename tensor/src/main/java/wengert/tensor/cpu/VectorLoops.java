package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Elementwise choices on whole vectors; the functions are in [VectorMath]. Each loop returns the index of
/// the first element it has not done; the caller finishes the tail with the scalar form, bit for bit the
/// same.
final class VectorLoops {
    private static final VectorSpecies<Float> S = Species.F;
    private static final int LANES = Species.LANES;

    private VectorLoops() {
    }

    static int leakyRelu(float p, float[] x, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            v.mul(p).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, i);
        }
        return i;
    }

    static int leakyReluGrad(float p, float[] x, float[] dy, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            FloatVector d = FloatVector.fromArray(S, dy, i);
            FloatVector below = p == 0f ? FloatVector.zero(S) : d.mul(p);
            below.blend(d, v.compare(VectorOperators.GT, 0f)).intoArray(y, i);
        }
        return i;
    }

    static int clampGrad(float p, float q, float[] x, float[] dy, float[] y, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector v = FloatVector.fromArray(S, x, i);
            VectorMask<Float> inside = v.compare(VectorOperators.GE, p).and(v.compare(VectorOperators.LE, q));
            FloatVector.zero(S).blend(FloatVector.fromArray(S, dy, i), inside).intoArray(y, i);
        }
        return i;
    }
}
