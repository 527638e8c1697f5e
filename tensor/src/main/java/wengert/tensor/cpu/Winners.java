package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Places of extremes, many side by side, while rows of candidates go by; with the Vector API.
final class Winners {
    /// What every number wins against.
    static final int NOBODY = Integer.MIN_VALUE;

    private Winners() {
    }

    /// Rows of candidates: `x[at + i·ldx + j] · sign` competes with `best[to + i·ldb + j]`, for i below rows,
    /// j below n; where it wins, it becomes the best, and `where` there becomes `place`.
    ///
    /// @param sign 1 to find the largest, −1 for the smallest
    static void row(float[] x, int at, int ldx, float sign, int place, int[] best, int[] where, int to,
            int ldb, int rows, int n) {
        int whole = n - n % Species.LANES;
        if (whole > 0) {
            vectors(x, at, ldx, sign, place, best, where, to, ldb, rows, whole);
        }
        for (int i = 0; i < rows; i++) {
            int f = at + i * ldx;
            int t = to + i * ldb;
            for (int j = whole; j < n; j++) {
                int key = Extremes.key(x[f + j] * sign);
                if (key > best[t + j]) {
                    best[t + j] = key;
                    where[t + j] = place;
                }
            }
        }
    }

    private static void vectors(float[] x, int at, int ldx, float sign, int place, int[] best, int[] where,
            int to, int ldb, int rows, int n) {
        IntVector here = IntVector.broadcast(Species.I, place);
        for (int i = 0; i < rows; i++) {
            int f = at + i * ldx;
            int t = to + i * ldb;
            for (int j = 0; j < n; j += Species.LANES) {
                FloatVector v = FloatVector.fromArray(Species.F, x, f + j).mul(sign).add(0f);
                IntVector bits = v.blend(Float.NaN, v.compare(VectorOperators.NE, v)).reinterpretAsInts();
                IntVector key = bits.lanewise(VectorOperators.ASHR, 31).and(Integer.MAX_VALUE)
                        .lanewise(VectorOperators.XOR, bits);
                IntVector old = IntVector.fromArray(Species.I, best, t + j);
                VectorMask<Integer> wins = key.compare(VectorOperators.GT, old);
                old.blend(key, wins).intoArray(best, t + j);
                IntVector.fromArray(Species.I, where, t + j).blend(here, wins).intoArray(where, t + j);
            }
        }
    }
}
