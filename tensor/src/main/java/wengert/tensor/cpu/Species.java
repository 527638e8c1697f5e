package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector shapes the kernels use. Final fields, since the compiler must see constants.
final class Species {
    /// All kernels' width.
    static final VectorShape SHAPE = Simd.FORCED > 0 ? VectorShape.forBitSize(Simd.FORCED)
            : FloatVector.SPECIES_PREFERRED.vectorShape();
    /// Floats.
    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
    /// Ints, as many as floats.
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
    /// Doubles, half as many.
    static final VectorSpecies<Double> D = VectorSpecies.of(double.class, SHAPE);
    /// Floats per vector: 16, 8 or 4.
    static final int LANES = F.length();

    private Species() {
    }
}
