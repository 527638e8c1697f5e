package wengert.tensor.cpu;

import java.util.Arrays;

/// Copies one run of equally spaced elements, whatever the kind of array.
final class Runs {
    private Runs() {
    }

    /// `to[at + i·toStep] = from[start + i·step]` for i below n; both arrays of one type.
    static void copy(Object from, int start, int step, Object to, int at, int toStep, int n) {
        if (step == 1 && toStep == 1) {
            if (n >= 16 || !(from instanceof float[])) {
                System.arraycopy(from, start, to, at, n);
                return;
            }
        }
        switch (from) {
            case float[] x -> floats(x, start, step, (float[]) to, at, toStep, n);
            case double[] x -> doubles(x, start, step, (double[]) to, at, toStep, n);
            case int[] x -> ints(x, start, step, (int[]) to, at, toStep, n);
            case long[] x -> longs(x, start, step, (long[]) to, at, toStep, n);
            case byte[] x -> bytes(x, start, step, (byte[]) to, at, toStep, n);
            default -> throw new IllegalArgumentException("run: not an array of numbers: " + from.getClass());
        }
    }

    /// `to[at + j·toOuter + i·toInner] = from[start + j·outer + i·inner]` for j below runs, i below n.
    static void copy(float[] from, int start, int outer, int inner, float[] to, int at, int toOuter,
            int toInner, int runs, int n) {
        for (int i = 0; i < n; i++) {
            for (int j = 0, s = start + i * inner, t = at + i * toInner; j < runs; j++, s += outer,
                    t += toOuter) {
                to[t] = from[s];
            }
        }
    }

    private static void floats(float[] x, int start, int step, float[] y, int at, int toStep, int n) {
        if (step == 0 && toStep == 1) {
            Arrays.fill(y, at, at + n, x[start]);
            return;
        }
        for (int i = 0, s = start, t = at; i < n; i++, s += step, t += toStep) {
            y[t] = x[s];
        }
    }

    private static void doubles(double[] x, int start, int step, double[] y, int at, int toStep, int n) {
        for (int i = 0, s = start, t = at; i < n; i++, s += step, t += toStep) {
            y[t] = x[s];
        }
    }

    private static void ints(int[] x, int start, int step, int[] y, int at, int toStep, int n) {
        for (int i = 0, s = start, t = at; i < n; i++, s += step, t += toStep) {
            y[t] = x[s];
        }
    }

    private static void longs(long[] x, int start, int step, long[] y, int at, int toStep, int n) {
        for (int i = 0, s = start, t = at; i < n; i++, s += step, t += toStep) {
            y[t] = x[s];
        }
    }

    private static void bytes(byte[] x, int start, int step, byte[] y, int at, int toStep, int n) {
        for (int i = 0, s = start, t = at; i < n; i++, s += step, t += toStep) {
            y[t] = x[s];
        }
    }
}
