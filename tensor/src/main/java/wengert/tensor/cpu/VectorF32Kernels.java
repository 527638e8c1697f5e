package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Vector API kernels for the width of [Species].
final class VectorF32Kernels extends F32Kernels {
    private static final VectorSpecies<Float> S = Species.F;
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;
    private static final int L = Species.LANES;
    /// 32 vector registers: with 512-bit vectors, and on aarch64 with any.
    private static final boolean MANY_REGISTERS = L >= 16 || System.getProperty("os.arch", "").equals("aarch64");

    @Override
    int columns() {
        return MANY_REGISTERS ? Tile6x4.COLUMNS : Tile4x2.COLUMNS;
    }

    @Override
    void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        if (MANY_REGISTERS) {
            Tile6x4.strip(m, k, a, ao, lda, b, bo, c, co, ldc, add);
        } else {
            Tile4x2.strip(m, k, a, ao, lda, b, bo, c, co, ldc, add);
        }
    }

    @Override
    void transpose(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[at + j * ldt + i] = from[start + i * ldf + j];
            }
        }
    }

    @Override
    void copy(float[] from, int start, float[] to, int at, int n) {
        if (n >= L) {
            for (int i = 0; i < n - L; i += L) {
                FloatVector.fromArray(S, from, start + i).intoArray(to, at + i);
            }
            FloatVector.fromArray(S, from, start + n - L).intoArray(to, at + n - L);
        } else if (n >= 4) {
            for (int i = 0; i < n - 4; i += 4) {
                FloatVector.fromArray(QUARTER, from, start + i).intoArray(to, at + i);
            }
            FloatVector.fromArray(QUARTER, from, start + n - 4).intoArray(to, at + n - 4);
        } else {
            for (int i = 0; i < n; i++) {
                to[at + i] = from[start + i];
            }
        }
    }
}
