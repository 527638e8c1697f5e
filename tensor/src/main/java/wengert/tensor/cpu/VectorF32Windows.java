package wengert.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Vector API moves. Each width of rows that layers have has its loop, without an inner one; other widths end
/// in a vector that overlaps its neighbour, so nothing outside of a row is touched.
final class VectorF32Windows extends F32Windows {
    private static final VectorSpecies<Float> S = Species.F;
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;
    private static final int L = Species.LANES;
    private static final int COLUMNS = F32Kernels.BEST.columns();
    /// Even lanes and then odd ones, and the other way round.
    private static final VectorShuffle<Float> EVEN_ODD = VectorShuffle.fromOp(S,
            i -> i < L / 2 ? 2 * i : 2 * i - L + 1);
    private static final VectorShuffle<Float> ODD_EVEN = VectorShuffle.fromOp(S,
            i -> i < L / 2 ? 2 * i + 1 : 2 * i - L);
    private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(S, i -> (i + L / 2) % L);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(S, (1L << L) - (1L << L / 2));
    private static final VectorShuffle<Float> EVEN_ODD4 = VectorShuffle.fromValues(QUARTER, 0, 2, 1, 3);
    private static final VectorShuffle<Float> ODD_EVEN4 = VectorShuffle.fromValues(QUARTER, 1, 3, 0, 2);
    private static final VectorShuffle<Float> SWAP4 = VectorShuffle.fromValues(QUARTER, 2, 3, 0, 1);
    private static final VectorMask<Float> UPPER4 = VectorMask.fromLong(QUARTER, 0b1100);
    /// Each lane of the lower half twice, and of the upper half.
    private static final VectorShuffle<Float> FIRST = VectorShuffle.fromOp(S, i -> i / 2);
    private static final VectorShuffle<Float> SECOND = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
    private static final VectorShuffle<Float> FIRST4 = VectorShuffle.fromOp(QUARTER, i -> i / 2);
    private static final VectorShuffle<Float> SECOND4 = VectorShuffle.fromOp(QUARTER, i -> 2 + i / 2);
    private static final VectorMask<Float> ODDS = VectorMask.fromLong(S, 0xAAAAL & (1L << L) - 1);
    private static final VectorMask<Float> ODDS4 = VectorMask.fromLong(QUARTER, 0b1010);

    @Override
    void block(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n) {
        if (n == 2 * L) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                FloatVector.fromArray(S, from, f).intoArray(to, t);
                FloatVector.fromArray(S, from, f + L).intoArray(to, t + L);
            }
        } else if (n == L) {
            for (int i = 0; i < rows; i++) {
                FloatVector.fromArray(S, from, start + i * ldf).intoArray(to, at + i * ldt);
            }
        } else if (n == 4) {
            for (int i = 0; i < rows; i++) {
                FloatVector.fromArray(QUARTER, from, start + i * ldf).intoArray(to, at + i * ldt);
            }
        } else if (n > L) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                for (int j = 0; j < n - L; j += L) {
                    FloatVector.fromArray(S, from, f + j).intoArray(to, t + j);
                }
                FloatVector.fromArray(S, from, f + n - L).intoArray(to, t + n - L);
            }
        } else if (n > 4) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                for (int j = 0; j < n - 4; j += 4) {
                    FloatVector.fromArray(QUARTER, from, f + j).intoArray(to, t + j);
                }
                FloatVector.fromArray(QUARTER, from, f + n - 4).intoArray(to, t + n - 4);
            }
        } else {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                for (int j = 0; j < n; j++) {
                    to[t + j] = from[f + j];
                }
            }
        }
    }

    @Override
    void biased(float[] from, int start, int ldf, float[] to, int at, int ldt, int rows, int n, float[] bias,
            int bo) {
        if (n == 2 * L) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                FloatVector b = FloatVector.broadcast(S, bias[bo + i]);
                FloatVector.fromArray(S, from, f).add(b).intoArray(to, t);
                FloatVector.fromArray(S, from, f + L).add(b).intoArray(to, t + L);
            }
        } else if (n >= L) {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                FloatVector b = FloatVector.broadcast(S, bias[bo + i]);
                for (int j = 0; j < n - L; j += L) {
                    FloatVector.fromArray(S, from, f + j).add(b).intoArray(to, t + j);
                }
                FloatVector.fromArray(S, from, f + n - L).add(b).intoArray(to, t + n - L);
            }
        } else {
            for (int i = 0; i < rows; i++) {
                int f = start + i * ldf;
                int t = at + i * ldt;
                float b = bias[bo + i];
                for (int j = 0; j < n; j++) {
                    to[t + j] = from[f + j] + b;
                }
            }
        }
    }

    @Override
    void split(float[] from, int start, int ldf, float[] to, int even, int odd, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int f = start + i * ldf;
            int e = even + i * ldt;
            int o = odd + i * ldt;
            int j = 0;
            for (; j <= n - L; j += L) {
                FloatVector a = FloatVector.fromArray(S, from, f + 2 * j).rearrange(EVEN_ODD);
                FloatVector b = FloatVector.fromArray(S, from, f + 2 * j + L).rearrange(ODD_EVEN);
                a.blend(b, UPPER).intoArray(to, e + j);
                b.blend(a, UPPER).rearrange(SWAP).intoArray(to, o + j);
            }
            for (; j <= n - 4; j += 4) {
                FloatVector a = FloatVector.fromArray(QUARTER, from, f + 2 * j).rearrange(EVEN_ODD4);
                FloatVector b = FloatVector.fromArray(QUARTER, from, f + 2 * j + 4).rearrange(ODD_EVEN4);
                a.blend(b, UPPER4).intoArray(to, e + j);
                b.blend(a, UPPER4).rearrange(SWAP4).intoArray(to, o + j);
            }
            for (; j < n; j++) {
                to[e + j] = from[f + 2 * j];
                to[o + j] = from[f + 2 * j + 1];
            }
        }
    }

    @Override
    void quarters(float[] from, int start, int ldf, float[] to, int[] at, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int f = start + i * ldf;
            int t0 = at[0] + i * ldt;
            int t1 = at[1] + i * ldt;
            int t2 = at[2] + i * ldt;
            int t3 = at[3] + i * ldt;
            int j = 0;
            for (; j <= n - L; j += L) {
                FloatVector a = FloatVector.fromArray(S, from, f + 4 * j).rearrange(EVEN_ODD);
                FloatVector b = FloatVector.fromArray(S, from, f + 4 * j + L).rearrange(ODD_EVEN);
                FloatVector c = FloatVector.fromArray(S, from, f + 4 * j + 2 * L).rearrange(EVEN_ODD);
                FloatVector d = FloatVector.fromArray(S, from, f + 4 * j + 3 * L).rearrange(ODD_EVEN);
                FloatVector even = a.blend(b, UPPER).rearrange(EVEN_ODD);
                FloatVector odd = b.blend(a, UPPER).rearrange(SWAP).rearrange(EVEN_ODD);
                FloatVector even2 = c.blend(d, UPPER).rearrange(ODD_EVEN);
                FloatVector odd2 = d.blend(c, UPPER).rearrange(SWAP).rearrange(ODD_EVEN);
                even.blend(even2, UPPER).intoArray(to, t0 + j);
                odd.blend(odd2, UPPER).intoArray(to, t1 + j);
                even2.blend(even, UPPER).rearrange(SWAP).intoArray(to, t2 + j);
                odd2.blend(odd, UPPER).rearrange(SWAP).intoArray(to, t3 + j);
            }
            for (; j <= n - 4; j += 4) {
                FloatVector a = FloatVector.fromArray(QUARTER, from, f + 4 * j).rearrange(EVEN_ODD4);
                FloatVector b = FloatVector.fromArray(QUARTER, from, f + 4 * j + 4).rearrange(ODD_EVEN4);
                FloatVector c = FloatVector.fromArray(QUARTER, from, f + 4 * j + 2 * 4).rearrange(EVEN_ODD4);
                FloatVector d = FloatVector.fromArray(QUARTER, from, f + 4 * j + 3 * 4).rearrange(ODD_EVEN4);
                FloatVector even = a.blend(b, UPPER4).rearrange(EVEN_ODD4);
                FloatVector odd = b.blend(a, UPPER4).rearrange(SWAP4).rearrange(EVEN_ODD4);
                FloatVector even2 = c.blend(d, UPPER4).rearrange(ODD_EVEN4);
                FloatVector odd2 = d.blend(c, UPPER4).rearrange(SWAP4).rearrange(ODD_EVEN4);
                even.blend(even2, UPPER4).intoArray(to, t0 + j);
                odd.blend(odd2, UPPER4).intoArray(to, t1 + j);
                even2.blend(even, UPPER4).rearrange(SWAP4).intoArray(to, t2 + j);
                odd2.blend(odd, UPPER4).rearrange(SWAP4).intoArray(to, t3 + j);
            }
            for (; j < n; j++) {
                to[t0 + j] = from[f + 4 * j];
                to[t1 + j] = from[f + 4 * j + 1];
                to[t2 + j] = from[f + 4 * j + 2];
                to[t3 + j] = from[f + 4 * j + 3];
            }
        }
    }

    @Override
    void weave(float[] from, int even, int odd, int ldf, float[] to, int at, int ldt, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            int e = even + i * ldf;
            int o = odd + i * ldf;
            int t = at + i * ldt;
            int j = 0;
            for (; j <= n - L; j += L) {
                FloatVector a = FloatVector.fromArray(S, from, e + j);
                FloatVector b = FloatVector.fromArray(S, from, o + j);
                a.rearrange(FIRST).blend(b.rearrange(FIRST), ODDS).intoArray(to, t + 2 * j);
                a.rearrange(SECOND).blend(b.rearrange(SECOND), ODDS).intoArray(to, t + 2 * j + L);
            }
            for (; j <= n - 4; j += 4) {
                FloatVector a = FloatVector.fromArray(QUARTER, from, e + j);
                FloatVector b = FloatVector.fromArray(QUARTER, from, o + j);
                a.rearrange(FIRST4).blend(b.rearrange(FIRST4), ODDS4).intoArray(to, t + 2 * j);
                a.rearrange(SECOND4).blend(b.rearrange(SECOND4), ODDS4).intoArray(to, t + 2 * j + 4);
            }
            for (; j < n; j++) {
                to[t + 2 * j] = from[e + j];
                to[t + 2 * j + 1] = from[o + j];
            }
        }
    }

    @Override
    int piece(int width) {
        return width % L == 0 ? L : width % 4 == 0 ? 4 : 1;
    }

    @Override
    void gather(float[] from, int start, int[] rowAt, int rows, int[] shift, int first, int pieces, int piece,
            float[] to) {
        int i = 0;
        if (piece == L) {
            for (; i < pieces - 1; i += 2) {
                two(from, rowAt, rows, start + shift[first + i], start + shift[first + i + 1], to, i * L);
            }
            if (i < pieces) {
                one(from, rowAt, rows, start + shift[first + i], to, i * L);
            }
        } else {
            for (; i < pieces - 1; i += 2) {
                twoQuarters(from, rowAt, rows, start + shift[first + i], start + shift[first + i + 1], to,
                        i * 4);
            }
            if (i < pieces) {
                quarter(from, rowAt, rows, start + shift[first + i], to, i * 4);
            }
        }
    }

    private static void two(float[] from, int[] rowAt, int rows, int a, int b, float[] to, int at) {
        for (int r = 0; r < rows; r++) {
            int row = rowAt[r];
            FloatVector.fromArray(S, from, row + a).intoArray(to, r * COLUMNS + at);
            FloatVector.fromArray(S, from, row + b).intoArray(to, r * COLUMNS + at + L);
        }
    }

    private static void one(float[] from, int[] rowAt, int rows, int a, float[] to, int at) {
        for (int r = 0; r < rows; r++) {
            FloatVector.fromArray(S, from, rowAt[r] + a).intoArray(to, r * COLUMNS + at);
        }
    }

    private static void twoQuarters(float[] from, int[] rowAt, int rows, int a, int b, float[] to, int at) {
        for (int r = 0; r < rows; r++) {
            int row = rowAt[r];
            FloatVector.fromArray(QUARTER, from, row + a).intoArray(to, r * COLUMNS + at);
            FloatVector.fromArray(QUARTER, from, row + b).intoArray(to, r * COLUMNS + at + 4);
        }
    }

    private static void quarter(float[] from, int[] rowAt, int rows, int a, float[] to, int at) {
        for (int r = 0; r < rows; r++) {
            FloatVector.fromArray(QUARTER, from, rowAt[r] + a).intoArray(to, r * COLUMNS + at);
        }
    }

    @Override
    void taps(float[] x, int[] at, float[] w, int wo, int taps, float start, float[] y, int yo, int n) {
        for (int i = 0; i < n; i += 2 * L) {
            FloatVector a = FloatVector.broadcast(S, start);
            FloatVector b = a;
            for (int t = 0; t < taps; t++) {
                FloatVector v = FloatVector.broadcast(S, w[wo + t]);
                int f = at[t] + i;
                a = FloatVector.fromArray(S, x, f).fma(v, a);
                b = FloatVector.fromArray(S, x, f + L).fma(v, b);
            }
            a.intoArray(y, yo + i);
            b.intoArray(y, yo + i + L);
        }
    }

    /// Three taps at a time, each in two chains, so that the additions' latency is hidden.
    @Override
    void dots(float[] x, int[] at, float[] y, int n, float[] sums, int so) {
        int t = 0;
        for (; t + 3 <= at.length; t += 3) {
            int to = so + 32 * t;
            int p = at[t];
            int q = at[t + 1];
            int r = at[t + 2];
            FloatVector p0 = FloatVector.fromArray(S, sums, to);
            FloatVector p1 = FloatVector.fromArray(S, sums, to + L);
            FloatVector q0 = FloatVector.fromArray(S, sums, to + 32);
            FloatVector q1 = FloatVector.fromArray(S, sums, to + 32 + L);
            FloatVector r0 = FloatVector.fromArray(S, sums, to + 64);
            FloatVector r1 = FloatVector.fromArray(S, sums, to + 64 + L);
            for (int i = 0; i < n; i += 2 * L) {
                FloatVector u = FloatVector.fromArray(S, y, i);
                FloatVector v = FloatVector.fromArray(S, y, i + L);
                p0 = FloatVector.fromArray(S, x, p + i).fma(u, p0);
                p1 = FloatVector.fromArray(S, x, p + i + L).fma(v, p1);
                q0 = FloatVector.fromArray(S, x, q + i).fma(u, q0);
                q1 = FloatVector.fromArray(S, x, q + i + L).fma(v, q1);
                r0 = FloatVector.fromArray(S, x, r + i).fma(u, r0);
                r1 = FloatVector.fromArray(S, x, r + i + L).fma(v, r1);
            }
            p0.intoArray(sums, to);
            p1.intoArray(sums, to + L);
            q0.intoArray(sums, to + 32);
            q1.intoArray(sums, to + 32 + L);
            r0.intoArray(sums, to + 64);
            r1.intoArray(sums, to + 64 + L);
        }
        for (; t < at.length; t++) {
            int to = so + 32 * t;
            FloatVector a = FloatVector.fromArray(S, sums, to);
            FloatVector b = FloatVector.fromArray(S, sums, to + L);
            for (int i = 0; i < n; i += 2 * L) {
                a = FloatVector.fromArray(S, x, at[t] + i).fma(FloatVector.fromArray(S, y, i), a);
                b = FloatVector.fromArray(S, x, at[t] + i + L).fma(FloatVector.fromArray(S, y, i + L), b);
            }
            a.intoArray(sums, to);
            b.intoArray(sums, to + L);
        }
    }
}
