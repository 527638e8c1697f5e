package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Twelve independent chains of vector multiply-adds: more than latency times throughput of any processor,
/// and few enough for 16 registers. The sum is the addend, as in a product: the instruction overwrites it.
final class VectorPeak {
    private static final VectorSpecies<Float> S = Species.F;

    private VectorPeak() {
    }

    static double flops(int rounds) {
        return 2.0 * 12 * Species.LANES * rounds;
    }

    static float chains(int rounds, float[] start) {
        FloatVector x = FloatVector.fromArray(S, start, 0);
        FloatVector y = FloatVector.fromArray(S, start, Species.LANES);
        FloatVector a = x;
        FloatVector b = x.mul(2f);
        FloatVector c = x.mul(3f);
        FloatVector d = x.mul(4f);
        FloatVector e = x.mul(5f);
        FloatVector f = x.mul(6f);
        FloatVector g = x.mul(7f);
        FloatVector h = x.mul(8f);
        FloatVector i = x.mul(9f);
        FloatVector j = x.mul(10f);
        FloatVector k = x.mul(11f);
        FloatVector l = x.mul(12f);
        for (int r = 0; r < rounds; r++) {
            a = x.fma(y, a);
            b = x.fma(y, b);
            c = x.fma(y, c);
            d = x.fma(y, d);
            e = x.fma(y, e);
            f = x.fma(y, f);
            g = x.fma(y, g);
            h = x.fma(y, h);
            i = x.fma(y, i);
            j = x.fma(y, j);
            k = x.fma(y, k);
            l = x.fma(y, l);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
    }
}
