package wengert.tensor.cpu;

/// Plain loops, for a JVM without the Vector API: the sums as matrices, `M · X · Mᵀ` for each column. Rows
/// are arrays of their own, copied there and back, since the compiler makes vector code of a loop only if all
/// its arrays share one index.
final class PlainF32Winograd extends F32Winograd {
    private static final float[][] INPUT3 = {{1, -1, 0}, {0, 1, 0}, {0, 1, -1}};
    private static final float[][] INPUT4 = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    private static final float[][] TWO3 = {{1, 0}, {1, 1}, {0, 1}};
    private static final float[][] TWO4 = {{1, 0}, {0.5f, 0.5f}, {0.5f, -0.5f}, {0, 1}};
    private static final float[][] THREE4 = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};
    private static final float[][] OUTPUT3 = {{1, 1, 0}, {0, 1, -1}};
    private static final float[][] OUTPUT4 = {{1, 1, 1, 0}, {0, 1, -1, -1}};
    private static final float[][] TAPS4 = {{1, 1, 1, 0}, {0, 1, -1, 0}, {0, 1, 1, -1}};

    private static final int COLUMNS = F32Kernels.BEST.columns();
    private static final ThreadLocal<Rows> MINE = ThreadLocal.withInitial(Rows::new);

    /// A thread's rows: of a square, of half of its sums, of a result.
    private static final class Rows {
        private final float[][] square = new float[16][COLUMNS];
        private final float[][] half = new float[4][COLUMNS];
        private final float[] sum = new float[COLUMNS];
    }

    @Override
    int lanes() {
        return COLUMNS;
    }

    @Override
    void input(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? INPUT3 : INPUT4, from, start, rows, fromStep, to, at, points * step, step, toStep,
                count);
    }

    @Override
    void weights(int taps, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(taps == 2 ? TWO3 : THREE4, from, start, rows, fromStep, to, at, (taps + 1) * step, step, toStep,
                count);
    }

    @Override
    void output(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int rowStep, int step, int toStep, int count) {
        all(points == 3 ? OUTPUT3 : OUTPUT4, from, start, rows, fromStep, to, at, rowStep, step, toStep,
                count);
    }

    @Override
    void gradient(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? TWO3 : TWO4, from, start, rows, fromStep, to, at, points * step, step, toStep,
                count);
    }

    @Override
    void taps(int points, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int step, int toStep, int count) {
        all(points == 3 ? OUTPUT3 : TAPS4, from, start, rows, fromStep, to, at, (points - 1) * step, step,
                toStep, count);
    }

    private static void all(float[][] matrix, float[] from, int start, int[] rows, int fromStep, float[] to,
            int at, int rowStep, int step, int toStep, int count) {
        Rows mine = MINE.get();
        int size = matrix[0].length;
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < size * size; i++) {
                System.arraycopy(from, start + n * fromStep + rows[i], mine.square[i], 0, COLUMNS);
            }
            both(matrix, mine, to, at + n * toStep, rowStep, step);
        }
    }

    private static void both(float[][] matrix, Rows mine, float[] to, int at, int rowStep, int step) {
        int size = matrix[0].length;
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < size; j += 2) {
                sums(matrix[i], mine.square, j, size, mine.half[j], j + 1 < size ? mine.half[j + 1] : null);
            }
            for (int j = 0; j < matrix.length; j++) {
                sums(matrix[j], mine.half, 0, 1, mine.sum, null);
                System.arraycopy(mine.sum, 0, to, at + i * rowStep + j * step, COLUMNS);
            }
        }
    }

    /// The rows from `first` on, `step` apart, times their factors, of which three at most are not 0; and the
    /// same of the rows after them, if there is one more sum to fill.
    ///
    /// More than 325 bytes of bytecode, so that C2 does not inline it: see [PlainF32Kernels].
    private static void sums(float[] factors, float[][] rows, int first, int step, float[] y, float[] next) {
        int terms = 0;
        float f0 = 0;
        float f1 = 0;
        float f2 = 0;
        int k0 = first;
        int k1 = first;
        int k2 = first;
        for (int k = 0; k < factors.length; k++) {
            if (factors[k] != 0) {
                f0 = f1;
                f1 = f2;
                f2 = factors[k];
                k0 = k1;
                k1 = k2;
                k2 = first + k * step;
                terms++;
            }
        }
        float[] x0 = rows[k0];
        float[] x1 = rows[k1];
        float[] x2 = rows[k2];
        if (terms == 1) {
            for (int i = 0; i < COLUMNS; i++) {
                y[i] = f2 * x2[i];
            }
        } else if (terms == 2) {
            for (int i = 0; i < COLUMNS; i++) {
                y[i] = f1 * x1[i] + f2 * x2[i];
            }
        } else {
            for (int i = 0; i < COLUMNS; i++) {
                y[i] = f0 * x0[i] + f1 * x1[i] + f2 * x2[i];
            }
        }
        if (next == null) {
            return;
        }
        x0 = rows[k0 + 1];
        x1 = rows[k1 + 1];
        x2 = rows[k2 + 1];
        if (terms == 1) {
            for (int i = 0; i < COLUMNS; i++) {
                next[i] = f2 * x2[i];
            }
        } else if (terms == 2) {
            for (int i = 0; i < COLUMNS; i++) {
                next[i] = f1 * x1[i] + f2 * x2[i];
            }
        } else {
            for (int i = 0; i < COLUMNS; i++) {
                next[i] = f0 * x0[i] + f1 * x1[i] + f2 * x2[i];
            }
        }
    }
}
