package wengert.tensor.cpu;

import wengert.tensor.spi.CompareKind;

/// Comparisons, and selection by their result. Written without branches: data is random, and a branch that is
/// guessed wrong costs more than twenty additions.
final class Compare {
    private Compare() {
    }

    static void floats(CompareKind kind, float[] a, float[] b, byte[] y, int from, int to) {
        switch (kind) {
            case EQ, NE -> {
                int no = kind == CompareKind.NE ? 1 : 0;
                for (int i = from; i < to; i++) {
                    y[i] = (byte) ((a[i] == b[i] ? 1 : 0) ^ no);
                }
            }
            case LT -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] < b[i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] <= b[i] ? 1 : 0);
                }
            }
            case GT -> floats(CompareKind.LT, b, a, y, from, to);
            case GE -> floats(CompareKind.LE, b, a, y, from, to);
        }
    }

    static void doubles(CompareKind kind, double[] a, double[] b, byte[] y, int from, int to) {
        switch (kind) {
            case EQ, NE -> {
                int no = kind == CompareKind.NE ? 1 : 0;
                for (int i = from; i < to; i++) {
                    y[i] = (byte) ((a[i] == b[i] ? 1 : 0) ^ no);
                }
            }
            case LT -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] < b[i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] <= b[i] ? 1 : 0);
                }
            }
            case GT -> doubles(CompareKind.LT, b, a, y, from, to);
            case GE -> doubles(CompareKind.LE, b, a, y, from, to);
        }
    }

    static void longs(CompareKind kind, long[] a, long[] b, byte[] y, int from, int to) {
        switch (kind) {
            case EQ, NE -> {
                int no = kind == CompareKind.NE ? 1 : 0;
                for (int i = from; i < to; i++) {
                    y[i] = (byte) ((a[i] == b[i] ? 1 : 0) ^ no);
                }
            }
            case LT -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] < b[i] ? 1 : 0);
                }
            }
            case LE -> {
                for (int i = from; i < to; i++) {
                    y[i] = (byte) (a[i] <= b[i] ? 1 : 0);
                }
            }
            case GT -> longs(CompareKind.LT, b, a, y, from, to);
            case GE -> longs(CompareKind.LE, b, a, y, from, to);
        }
    }

    /// `y = c ? a : b` by masks on the bits, so that NaN and signed zeros pass unchanged.
    static void select(byte[] c, float[] a, float[] b, float[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            int mask = -c[i];
            y[i] = Float.intBitsToFloat(Float.floatToRawIntBits(a[i]) & mask
                    | Float.floatToRawIntBits(b[i]) & ~mask);
        }
    }

    static void select(byte[] c, double[] a, double[] b, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            long mask = -(long) c[i];
            y[i] = Double.longBitsToDouble(Double.doubleToRawLongBits(a[i]) & mask
                    | Double.doubleToRawLongBits(b[i]) & ~mask);
        }
    }

    static void select(byte[] c, long[] a, long[] b, long[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            long mask = -(long) c[i];
            y[i] = a[i] & mask | b[i] & ~mask;
        }
    }
}
