package wengert.tensor.cpu;

import java.util.Locale;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// y[i] = f(a[i], b[i], c[i]) for every index. One loop per function, over arrays with a common index:
///
/// - contiguous views at one offset: the loop runs on the tensors themselves;
/// - anything else (strides, broadcasting, offsets that differ): block by block, operands are first copied to
///   small contiguous blocks, and the result from one.
///
/// Both run the same loop, and a number's result does not depend on its place in it: so neither strides nor
/// the split among threads change a bit. Integers and bool are computed in long.
final class Elementwise {
    /// Fewest elements worth a thread: for functions of a few instructions, and for longer ones.
    private static final int CHEAP = 16_384;
    private static final int COSTLY = 4_096;

    /// A loop over `from ≤ i < to`; operands that a function does not have are null.
    private interface Loop {
        void run(Object a, Object b, Object c, Object y, int from, int to);
    }

    private Elementwise() {
    }

    static void unary(UnaryKind kind, double p, double q, View x, View y) {
        if (x.dtype() == DType.F32 && smallAndPlain(y) && plain(x, y)) {
            F32Unary.run(kind, p, q, x.storage().f32(), y.storage().f32(), y.offset(),
                    y.offset() + y.shape().length());
            return;
        }
        DType work = working(x.dtype());
        int grain = switch (kind) {
            case EXP, LOG, TANH, SIGMOID, SOFTPLUS, ERF, SIN, COS, ELU, POW -> COSTLY;
            default -> CHEAP;
        };
        run(switch (work) {
            case F32 -> (a, b, c, r, from, to) -> F32Unary.run(kind, p, q, (float[]) a, (float[]) r, from,
                    to);
            case F64 -> (a, b, c, r, from, to) -> F64Unary.run(kind, p, q, (double[]) a, (double[]) r, from,
                    to);
            default -> (a, b, c, r, from, to) -> LongLoops.unary(kind, x.dtype(), (long) p, (long) q,
                    (long[]) a, (long[]) r, from, to);
        }, work, work, grain, x, null, null, y);
    }

    static void binary(BinaryKind kind, double p, double q, View x1, View x2, View y) {
        if (x1.dtype() == DType.F32 && smallAndPlain(y) && plain(x1, y) && plain(x2, y)) {
            F32Binary.run(kind, p, q, x1.storage().f32(), x2.storage().f32(), y.storage().f32(), y.offset(),
                    y.offset() + y.shape().length());
            return;
        }
        DType work = working(x1.dtype());
        int grain = switch (kind) {
            case POW, TANH_GRAD, SIGMOID_GRAD -> COSTLY;
            default -> CHEAP;
        };
        run(switch (work) {
            case F32 -> (a, b, c, r, from, to) -> F32Binary.run(kind, p, q, (float[]) a, (float[]) b,
                    (float[]) r, from, to);
            case F64 -> (a, b, c, r, from, to) -> F64Binary.run(kind, p, q, (double[]) a, (double[]) b,
                    (double[]) r, from, to);
            default -> (a, b, c, r, from, to) -> LongLoops.binary(kind, x1.dtype(), (long[]) a, (long[]) b,
                    (long[]) r, from, to);
        }, work, work, grain, x1, x2, null, y);
    }

    static void compare(CompareKind kind, View x1, View x2, View y) {
        DType work = working(x1.dtype());
        run(switch (work) {
            case F32 -> (a, b, c, r, from, to) -> Compare.floats(kind, (float[]) a, (float[]) b, (byte[]) r,
                    from, to);
            case F64 -> (a, b, c, r, from, to) -> Compare.doubles(kind, (double[]) a, (double[]) b,
                    (byte[]) r, from, to);
            default -> (a, b, c, r, from, to) -> Compare.longs(kind, (long[]) a, (long[]) b, (byte[]) r, from,
                    to);
        }, work, DType.BOOL, CHEAP, x1, x2, null, y);
    }

    static void where(View choice, View x1, View x2, View y) {
        DType work = working(y.dtype());
        run(switch (work) {
            case F32 -> (a, b, c, r, from, to) -> Compare.select((byte[]) c, (float[]) a, (float[]) b,
                    (float[]) r, from, to);
            case F64 -> (a, b, c, r, from, to) -> Compare.select((byte[]) c, (double[]) a, (double[]) b,
                    (double[]) r, from, to);
            default -> (a, b, c, r, from, to) -> Compare.select((byte[]) c, (long[]) a, (long[]) b,
                    (long[]) r, from, to);
        }, work, work, CHEAP, x1, x2, choice, y);
    }

    /// So few numbers that one thread computes them in less time than it takes to say how: these go straight
    /// to their loop, without walks and without a closure.
    private static boolean smallAndPlain(View y) {
        return y.shape().elements() <= COSTLY && y.isContiguous();
    }

    private static boolean plain(View x, View y) {
        return x.offset() == y.offset() && x.isContiguous();
    }

    static DTypeException refuse(Enum<?> kind, DType dtype) {
        return new DTypeException(kind.name().toLowerCase(Locale.ROOT) + ": not defined for " + dtype
                + (dtype.isFloating() ? "; convert to bool first" : "; convert to f32 or f64 first"));
    }

    private static DType working(DType dtype) {
        return dtype.isFloating() ? dtype : DType.I64;
    }

    /// @param in    what the loop reads a and b as
    /// @param out   what the loop writes
    /// @param grain fewest elements for a thread
    private static void run(Loop loop, DType in, DType out, int grain, View a, View b, View c, View y) {
        Source sa = Source.of(a, in);
        Source sb = Source.of(b, in);
        Source sc = Source.of(c, DType.BOOL);
        Source sy = Source.of(y, out);
        int n = sy.walk.length();
        if (sy.direct && sa.alignedWith(sy) && sb.alignedWith(sy) && sc.alignedWith(sy)) {
            int o = sy.walk.offset();
            Parallel.ranges(n, grain, (from, to) -> loop.run(sa.array, sb.array, sc.array, sy.array, o + from,
                    o + to));
            return;
        }
        Parallel.ranges(n, grain, (from, to) -> {
            Scratch scratch = Scratch.mine();
            Object ba = sa.block(scratch, 0);
            Object bb = sb.block(scratch, 1);
            Object bc = sc.block(scratch, 2);
            Object by = scratch.block(3, out);
            for (int i = from; i < to; i += Scratch.BLOCK) {
                int count = Math.min(Scratch.BLOCK, to - i);
                sa.load(i, i == from, count, ba, scratch);
                sb.load(i, i == from, count, bb, scratch);
                sc.load(i, i == from, count, bc, scratch);
                loop.run(ba, bb, bc, by, 0, count);
                sy.store(i, count, by, scratch);
            }
        });
    }

    /// An operand: its array, its walk, and the kind of number the loop wants.
    private static final class Source {
        private static final Source NONE = new Source(null, null, DType.BOOL, false);

        private final Object array;
        private final Walk walk;
        private final DType as;
        private final boolean direct;
        private final boolean constant;

        private Source(Object array, Walk walk, DType as, boolean direct) {
            this.array = array;
            this.walk = walk;
            this.as = as;
            this.direct = direct;
            this.constant = walk != null && walk.rank() == 1 && walk.step(0) == 0;
        }

        static Source of(View v, DType as) {
            if (v == null) {
                return NONE;
            }
            Walk w = Walk.of(v);
            return new Source(v.storage().data(), w, as, v.dtype() == as && w.contiguous());
        }

        boolean alignedWith(Source y) {
            return walk == null || direct && walk.offset() == y.walk.offset();
        }

        Object block(Scratch scratch, int slot) {
            return walk == null ? null : scratch.block(slot, as);
        }

        void load(int from, boolean first, int count, Object block, Scratch scratch) {
            if (walk == null || constant && !first) {
                return;
            }
            if (block.getClass() == array.getClass()) {
                walk.load(array, from, count, block, 0);
            } else {
                Object narrow = scratch.block(4, narrow());
                walk.load(array, from, count, narrow, 0);
                Cast.toLong(narrow, (long[]) block, count);
            }
        }

        void store(int from, int count, Object block, Scratch scratch) {
            if (block.getClass() == array.getClass()) {
                walk.store(block, 0, count, array, from);
            } else {
                Object narrow = scratch.block(4, narrow());
                Cast.fromLong((long[]) block, narrow, count);
                walk.store(narrow, 0, count, array, from);
            }
        }

        private DType narrow() {
            return array instanceof int[] ? DType.I32 : DType.BOOL;
        }
    }
}
