package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Vector API kernels for the width of [Species].
final class VectorF32Kernels extends F32Kernels {
    private static final VectorSpecies<Float> S = Species.F;
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;
    private static final int L = Species.LANES;
    /// 32 vector registers: with 512-bit vectors, and on aarch64 with any.
    private static final boolean MANY_REGISTERS = L >= 16
            || System.getProperty("os.arch", "").equals("aarch64");

    @Override
    int columns() {
        return MANY_REGISTERS ? Tile6x4.COLUMNS : Tile6x2.COLUMNS;
    }

    @Override
    void strip(int m, int k, float[] a, int ao, int lda, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        if (MANY_REGISTERS) {
            Tile6x4.strip(m, k, a, ao, lda, b, bo, c, co, ldc, add);
        } else {
            Tile6x2.strip(m, k, a, ao, lda, b, bo, c, co, ldc, add);
        }
    }

    @Override
    int panelRows() {
        return L == 8 && !MANY_REGISTERS ? Panel6x2.ROWS : 0;
    }

    @Override
    void panels(int count, int k, float[] a, int ao, int step, float[] b, int bo, float[] c, int co, int ldc,
            boolean add) {
        Panel6x2.strip(count, k, a, ao, step, b, bo, c, co, ldc, add);
    }

    @Override
    void deal(float[] from, int start, float[] to, int at, int step, int strips) {
        int w = columns();
        for (int s = 0; s < strips; s++) {
            for (int i = 0; i < w; i += L) {
                FloatVector.fromArray(S, from, start + s * w + i).intoArray(to, at + s * step + i);
            }
        }
    }

    @Override
    void transpose(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int columns) {
        int whole = L >= 8 ? rows & -8 : 0;
        int across = L >= 8 ? columns & -8 : 0;
        // squares of 16: whole cache lines of either side, however far apart they are
        for (int i = 0; i < whole; i += 16) {
            for (int j = 0; j < across; j += 16) {
                for (int v = j; v < Math.min(j + 16, across); v += 8) {
                    for (int u = i; u < Math.min(i + 16, whole); u += 8) {
                        Square8.transpose(from, start + u * ldf + v, ldf, to, at + v * ldt + u, ldt);
                    }
                }
            }
        }
        turn(from, start + across, ldf, to, at + across * ldt, ldt, whole, columns - across);
        turn(from, start + whole * ldf, ldf, to, at + whole, ldt, rows - whole, columns);
    }

    private static void turn(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows,
            int columns) {
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
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

    @Override
    void gatherRows(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at, int ldt,
            int n) {
        if (n >= L) {
            int i = 0;
            for (; i < n - L; i += L) {
                gather(from, shift + i, rowAt, first, rows, to, at + i, ldt);
            }
            gather(from, shift + n - L, rowAt, first, rows, to, at + n - L, ldt);
        } else if (n >= 4) {
            int i = 0;
            for (; i < n - 4; i += 4) {
                gather4(from, shift + i, rowAt, first, rows, to, at + i, ldt);
            }
            gather4(from, shift + n - 4, rowAt, first, rows, to, at + n - 4, ldt);
        } else {
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < n; i++) {
                    to[at + r * ldt + i] = from[shift + rowAt[first + r] + i];
                }
            }
        }
    }

    private static void gather(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at,
            int ldt) {
        for (int r = 0; r < rows; r++) {
            FloatVector.fromArray(S, from, shift + rowAt[first + r]).intoArray(to, at + r * ldt);
        }
    }

    private static void gather4(float[] from, int shift, int[] rowAt, int first, int rows, float[] to, int at,
            int ldt) {
        for (int r = 0; r < rows; r++) {
            FloatVector.fromArray(QUARTER, from, shift + rowAt[first + r]).intoArray(to, at + r * ldt);
        }
    }
}
