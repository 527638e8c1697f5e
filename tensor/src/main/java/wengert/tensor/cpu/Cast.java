package wengert.tensor.cpu;

import wengert.tensor.spi.DType;

/// Arrays by dtype, and conversion of blocks: to double or long, and from there with one rounding. Doubles
/// lose their fraction in integers and stop at the ends of the range, longs keep their low bits in i32,
/// anything but 0 is true.
final class Cast {
    private Cast() {
    }

    /// `y[0…n) = x[0…n)` in y's kind of number; float, double and every integer through the widest of its
    /// kind.
    static void block(Object x, Object y, int n, Scratch scratch) {
        if (x.getClass() == y.getClass()) {
            System.arraycopy(x, 0, y, 0, n);
        } else if (x instanceof float[] f) {
            double[] wide = y instanceof double[] d ? d : (double[]) scratch.block(6, DType.F64);
            toDouble(f, wide, n);
            fromDouble(wide, y, n);
        } else if (x instanceof double[] d) {
            fromDouble(d, y, n);
        } else {
            long[] wide = x instanceof long[] l ? l
                    : y instanceof long[] l ? l : (long[]) scratch.block(6, DType.I64);
            toLong(x, wide, n);
            fromLong(wide, y, n);
        }
    }

    private static void toDouble(float[] x, double[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i];
        }
    }

    /// Integers and bool as long.
    static void toLong(Object x, long[] y, int n) {
        switch (x) {
            case int[] v -> {
                for (int i = 0; i < n; i++) {
                    y[i] = v[i];
                }
            }
            case byte[] v -> {
                for (int i = 0; i < n; i++) {
                    y[i] = v[i];
                }
            }
            default -> {
            }
        }
    }

    private static void fromDouble(double[] x, Object y, int n) {
        switch (y) {
            case float[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (float) x[i];
                }
            }
            case int[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (int) x[i];
                }
            }
            case long[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (long) x[i];
                }
            }
            case byte[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (byte) (x[i] != 0 ? 1 : 0);
                }
            }
            default -> {
            }
        }
    }

    /// Long as any kind of number.
    static void fromLong(long[] x, Object y, int n) {
        switch (y) {
            case float[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = x[i];
                }
            }
            case double[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = x[i];
                }
            }
            case int[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (int) x[i];
                }
            }
            case byte[] v -> {
                for (int i = 0; i < n; i++) {
                    v[i] = (byte) (x[i] != 0 ? 1 : 0);
                }
            }
            default -> {
            }
        }
    }
}
