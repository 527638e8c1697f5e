package wengert.tensor.cpu;

import static wengert.tensor.cpu.ColumnLoops.BETA;
import static wengert.tensor.cpu.ColumnLoops.OWN;
import static wengert.tensor.cpu.ColumnLoops.STEEP;
import static wengert.tensor.cpu.VectorChannelLoops.activate;
import static wengert.tensor.cpu.VectorChannelLoops.all;
import static wengert.tensor.cpu.VectorChannelLoops.keep;
import static wengert.tensor.cpu.VectorChannelLoops.rectify;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// [ColumnLoops] on vectors of eight floats: the first `whole` of `w` columns, a multiple of eight.
final class VectorColumnLoops {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    private static final int L = 8;

    private VectorColumnLoops() {
    }

    private static FloatVector at(float[] array, int i) {
        return FloatVector.fromArray(F, array, i);
    }

    static void moments(float[] x, int xo, int rows, int step, int w, int whole, float[] p, float[] acc) {
        for (int r = 0; r < rows; r++) {
            int from = xo + r * step;
            for (int j = 0; j < whole; j += L) {
                FloatVector d = at(x, from + j).sub(at(p, j));
                at(acc, j).add(d).intoArray(acc, j);
                d.fma(d, at(acc, w + j)).intoArray(acc, w + j);
            }
        }
    }

    static void forward(float[] x, int xo, float[] y, int yo, int rows, int step, int w, int whole,
            float slope, float[] p) {
        FloatVector left = all(slope);
        IntVector keep = keep(slope);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * step;
            int to = yo + r * step;
            for (int j = 0; j < whole; j += L) {
                FloatVector u = at(x, from + j).sub(at(p, j));
                activate(u.fma(at(p, STEEP * w + j), at(p, BETA * w + j)), left, keep).intoArray(y, to + j);
            }
        }
    }

    static void sums(float[] x, int xo, float[] dy, int go, int rows, int step, int w, int whole, float slope,
            float[] p, float[] acc) {
        FloatVector left = all(slope);
        IntVector keep = keep(slope);
        for (int r = 0; r < rows; r++) {
            int from = xo + r * step;
            int back = go + r * step;
            for (int j = 0; j < whole; j += L) {
                FloatVector u = at(x, from + j).sub(at(p, j));
                FloatVector z = u.fma(at(p, STEEP * w + j), at(p, BETA * w + j));
                FloatVector d = rectify(z, at(dy, back + j), left, keep);
                at(acc, j).add(d).intoArray(acc, j);
                d.fma(u, at(acc, w + j)).intoArray(acc, w + j);
            }
        }
    }

    static void backward(float[] x, int xo, float[] dy, int go, float[] dx, int to, int rows, int step, int w,
            int whole, float slope, float[] p) {
        FloatVector left = all(slope);
        IntVector keep = keep(slope);
        int k = OWN * w;
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = 0; j < whole; j += L) {
                FloatVector u = at(x, xo + at + j).sub(at(p, j));
                FloatVector z = u.fma(at(p, STEEP * w + j), at(p, BETA * w + j));
                FloatVector d = rectify(z, at(dy, go + at + j), left, keep);
                d.fma(at(p, k + j), u.fma(at(p, k + w + j), at(p, k + 2 * w + j))).intoArray(dx, to + at + j);
            }
        }
    }

    static void secondSums(float[] x, int xo, float[] dy, int go, float[] a, int ao, int rows, int step,
            int w, int whole, float slope, float[] p, float[] acc) {
        FloatVector left = all(slope);
        IntVector keep = keep(slope);
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = 0; j < whole; j += L) {
                FloatVector u = at(x, xo + at + j).sub(at(p, j));
                FloatVector z = u.fma(at(p, STEEP * w + j), at(p, BETA * w + j));
                FloatVector d = rectify(z, at(dy, go + at + j), left, keep);
                FloatVector c = at(a, ao + at + j);
                at(acc, j).add(d).intoArray(acc, j);
                d.fma(u, at(acc, w + j)).intoArray(acc, w + j);
                at(acc, 2 * w + j).add(c).intoArray(acc, 2 * w + j);
                c.fma(u, at(acc, 3 * w + j)).intoArray(acc, 3 * w + j);
                c.fma(d, at(acc, 4 * w + j)).intoArray(acc, 4 * w + j);
            }
        }
    }

    static void second(float[] x, int xo, float[] dy, int go, float[] a, int ao, float[] dx, int to,
            float[] ddy, int dyo, int rows, int step, int w, int whole, float slope, float[] p) {
        FloatVector left = all(slope);
        IntVector keep = keep(slope);
        for (int r = 0; r < rows; r++) {
            int at = r * step;
            for (int j = 0; j < whole; j += L) {
                int k = OWN * w + j;
                FloatVector u = at(x, xo + at + j).sub(at(p, j));
                FloatVector z = u.fma(at(p, STEEP * w + j), at(p, BETA * w + j));
                FloatVector d = rectify(z, at(dy, go + at + j), left, keep);
                FloatVector c = at(a, ao + at + j);
                c.fma(at(p, k), d.fma(at(p, k + w), u.fma(at(p, k + 2 * w), at(p, k + 3 * w))))
                        .intoArray(dx, to + at + j);
                rectify(z, c.fma(at(p, k + 4 * w), u.fma(at(p, k + 5 * w), at(p, k + 6 * w))), left, keep)
                        .intoArray(ddy, dyo + at + j);
            }
        }
    }
}
