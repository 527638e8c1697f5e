package wengert.tensor.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Sums] on vectors: eight floats become one vector of eight doubles, or two of four.
final class VectorSums {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    private static final VectorSpecies<Double> D8 = DoubleVector.SPECIES_512;
    private static final VectorSpecies<Double> D4 = DoubleVector.SPECIES_256;
    private static final boolean EIGHT = Species.LANES >= 16;
    private static final boolean FOUR = Species.LANES == 8;

    private VectorSums() {
    }

    private static DoubleVector wide(FloatVector x) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, D8, 0);
    }

    private static DoubleVector half(FloatVector x, int part) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, D4, part);
    }

    /// @return how many elements are done, a multiple of eight; 0 where vectors are narrower than that
    static int sum(float[] x, int at, int n, double[] lanes) {
        int end = n & -8;
        if (EIGHT) {
            DoubleVector s = DoubleVector.zero(D8);
            for (int i = 0; i < end; i += 8) {
                s = s.add(wide(FloatVector.fromArray(F, x, at + i)));
            }
            s.intoArray(lanes, 0);
            return end;
        }
        if (FOUR) {
            DoubleVector s = DoubleVector.zero(D4);
            DoubleVector t = DoubleVector.zero(D4);
            for (int i = 0; i < end; i += 8) {
                FloatVector v = FloatVector.fromArray(F, x, at + i);
                s = s.add(half(v, 0));
                t = t.add(half(v, 1));
            }
            s.intoArray(lanes, 0);
            t.intoArray(lanes, 4);
            return end;
        }
        return 0;
    }

    /// As [#sum], of products.
    static int dot(float[] x, int xo, float[] y, int yo, int n, double[] lanes) {
        int end = n & -8;
        if (EIGHT) {
            DoubleVector s = DoubleVector.zero(D8);
            for (int i = 0; i < end; i += 8) {
                s = wide(FloatVector.fromArray(F, x, xo + i)).fma(wide(FloatVector.fromArray(F, y, yo + i)),
                        s);
            }
            s.intoArray(lanes, 0);
            return end;
        }
        if (FOUR) {
            DoubleVector s = DoubleVector.zero(D4);
            DoubleVector t = DoubleVector.zero(D4);
            for (int i = 0; i < end; i += 8) {
                FloatVector u = FloatVector.fromArray(F, x, xo + i);
                FloatVector v = FloatVector.fromArray(F, y, yo + i);
                s = half(u, 0).fma(half(v, 0), s);
                t = half(u, 1).fma(half(v, 1), t);
            }
            s.intoArray(lanes, 0);
            t.intoArray(lanes, 4);
            return end;
        }
        return 0;
    }

    /// As [#sum], of the distances from a number, and of their squares in lanes 8 to 15.
    static int moments(float[] x, int at, int n, double from, double[] lanes) {
        int end = EIGHT || FOUR ? n & -8 : 0;
        DoubleVector s = DoubleVector.zero(D4);
        DoubleVector t = s;
        DoubleVector p = s;
        DoubleVector q = s;
        for (int i = 0; i < end; i += 8) {
            FloatVector v = FloatVector.fromArray(F, x, at + i);
            DoubleVector a = half(v, 0).sub(from);
            DoubleVector b = half(v, 1).sub(from);
            s = s.add(a);
            t = t.add(b);
            p = a.fma(a, p);
            q = b.fma(b, q);
        }
        s.intoArray(lanes, 0);
        t.intoArray(lanes, 4);
        p.intoArray(lanes, 8);
        q.intoArray(lanes, 12);
        return end;
    }

    /// Adds the distance of `x[at + j]` from `from[j]` to `sum[j]`, and its square to `squares[j]`, for the
    /// first whole vectors of n.
    static int moments(float[] x, int at, double[] from, double[] sum, double[] squares, int n) {
        int end = EIGHT || FOUR ? n & -8 : 0;
        for (int j = 0; j < end; j += 8) {
            FloatVector v = FloatVector.fromArray(F, x, at + j);
            DoubleVector a = half(v, 0).sub(DoubleVector.fromArray(D4, from, j));
            DoubleVector b = half(v, 1).sub(DoubleVector.fromArray(D4, from, j + 4));
            DoubleVector.fromArray(D4, sum, j).add(a).intoArray(sum, j);
            DoubleVector.fromArray(D4, sum, j + 4).add(b).intoArray(sum, j + 4);
            a.fma(a, DoubleVector.fromArray(D4, squares, j)).intoArray(squares, j);
            b.fma(b, DoubleVector.fromArray(D4, squares, j + 4)).intoArray(squares, j + 4);
        }
        return end;
    }

    /// The largest (or smallest) of a stretch of at least one vector; NaN if any is NaN.
    static float extreme(boolean largest, float[] x, int at, int n) {
        VectorSpecies<Float> s = Species.F;
        FloatVector best = FloatVector.fromArray(s, x, at + n - Species.LANES);
        if (largest) {
            for (int i = 0; i <= n - Species.LANES; i += Species.LANES) {
                best = best.max(FloatVector.fromArray(s, x, at + i));
            }
        } else {
            for (int i = 0; i <= n - Species.LANES; i += Species.LANES) {
                best = best.min(FloatVector.fromArray(s, x, at + i));
            }
        }
        float result = best.lane(0);
        for (int i = 1; i < Species.LANES; i++) {
            result = largest ? Math.max(result, best.lane(i)) : Math.min(result, best.lane(i));
        }
        return result;
    }
}
