package wengert.tensor.cpu;

/// Plain loops, for a JVM without the Vector API.
final class PlainF32Windows extends F32Windows {
    private static final int PIECE = 4;

    @Override
    void block(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int f = start + i * ldf;
            int t = at + i * ldt;
            for (int j = 0; j < n; j++) {
                to[t + j] = from[f + j];
            }
        }
    }

    @Override
    void biased(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n, float[] bias,
            int bo) {
        for (int i = 0; i < rows; i++) {
            int f = start + i * ldf;
            int t = at + i * ldt;
            float b = bias[bo + i];
            for (int j = 0; j < n; j++) {
                to[t + j] = from[f + j] + b;
            }
        }
    }

    @Override
    void split(float[] from, int start, int ldf, float[] to, int even, int odd, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int f = start + i * ldf;
            int t = i * ldt;
            for (int j = 0; j < n; j++) {
                to[even + t + j] = from[f + 2 * j];
                to[odd + t + j] = from[f + 2 * j + 1];
            }
        }
    }

    @Override
    void quarters(float[] from, int start, int ldf, float[] to, int[] at, int ldt, int rows, int n) {
        for (int b = 0; b < 4; b++) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf + b;
                int t = at[b] + i * ldt;
                for (int j = 0; j < n; j++) {
                    to[t + j] = from[f + 4 * j];
                }
            }
        }
    }

    @Override
    void weave(float[] from, int even, int odd, int ldf, float[] to, int at, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int f = i * ldf;
            int t = at + i * ldt;
            for (int j = 0; j < n; j++) {
                to[t + 2 * j] = from[even + f + j];
                to[t + 2 * j + 1] = from[odd + f + j];
            }
        }
    }

    @Override
    int piece(int width) {
        return width % PIECE == 0 ? PIECE : 1;
    }

    @Override
    void gather(float[] from, int start, int[] rowAt, int rows, int[] shift, int first, int pieces, int piece,
            float[] to) {
        int columns = F32Kernels.BEST.columns();
        for (int i = 0; i < pieces; i++) {
            for (int r = 0; r < rows; r++) {
                int f = start + rowAt[r] + shift[first + i];
                int t = r * columns + i * PIECE;
                to[t] = from[f];
                to[t + 1] = from[f + 1];
                to[t + 2] = from[f + 2];
                to[t + 3] = from[f + 3];
            }
        }
    }

    @Override
    void taps(float[] x, int[] at, float[] w, int wo, int taps, float start, float[] y, int yo, int n) {
        java.util.Arrays.fill(y, yo, yo + n, start);
        for (int t = 0; t < taps; t++) {
            int f = at[t];
            float v = w[wo + t];
            for (int i = 0; i < n; i++) {
                y[yo + i] += v * x[f + i];
            }
        }
    }

    @Override
    void dots(float[] x, int[] at, float[] y, int n, float[] sums, int so) {
        for (int t = 0; t < at.length; t++) {
            int to = so + 32 * t;
            for (int i = 0; i < n; i += 32) {
                int f = at[t] + i;
                for (int j = 0; j < 32; j++) {
                    sums[to + j] += x[f + j] * y[i + j];
                }
            }
        }
    }
}
