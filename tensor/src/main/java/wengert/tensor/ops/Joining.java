package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Values put together from parts, or from one part again and again. These copy, unless said otherwise.
///
/// @param <T> the kind of value
public interface Joining<T extends TensorOps<T>> extends Value<T> {
    /// This and others, one after the other along an axis; all other sizes agree. Dtypes meet at the latest.
    default T concat(int axis, HasValue... others) {
        return concat(axis, Arrays.asList(others));
    }

    /// This and others, one after the other along an axis.
    default T concat(int axis, List<? extends HasValue> others) {
        int a = shape().axis("concat", axis);
        List<T> parts = new ArrayList<>(others.size() + 1);
        parts.add(self());
        DType common = dtype();
        for (HasValue other : others) {
            T part = lift(other);
            parts.add(part);
            common = DType.promote(common, part.dtype());
        }
        for (int i = 0; i < parts.size(); i++) {
            parts.set(i, parts.get(i).to(common));
        }
        return parts.get(0).applyAll(new Concat(a), parts).get(0);
    }

    /// This and others of the same shape, side by side along a new axis.
    ///
    /// @param axis where the new axis stands in the result
    default T stack(int axis, HasValue... others) {
        return stack(axis, Arrays.asList(others));
    }

    /// This and others of the same shape, side by side along a new axis.
    default T stack(int axis, List<? extends HasValue> others) {
        List<T> parts = new ArrayList<>(others.size());
        int a = Shapes.newAxis("stack", shape(), axis);
        for (HasValue other : others) {
            T part = lift(other);
            if (!part.shape().equals(shape())) {
                throw new ShapeException("stack: all parts must have one shape, but part 0 is " + shape()
                        + " and part " + (parts.size() + 1) + " is " + part.shape());
            }
            parts.add(part.unsqueeze(a));
        }
        return self().unsqueeze(a).concat(a, parts);
    }

    /// Surrounds this with a number. Amounts are given last axis first, two for each axis: left, right, top,
    /// bottom for pictures [N, C, H, W].
    ///
    /// @param value what to fill with
    /// @param pad   elements before and after, for the last axis, the last but one, …
    default T pad(double value, int... pad) {
        Shape s = shape();
        int[] sizes = s.toArray();
        int[] starts = new int[s.rank()];
        int[] steps = new int[s.rank()];
        Arrays.fill(steps, 1);
        checkPad(s, pad);
        for (int i = 0; i < pad.length; i += 2) {
            int a = s.rank() - 1 - i / 2;
            starts[a] = pad[i];
            sizes[a] = Shapes.size("pad", (long) sizes[a] + pad[i] + pad[i + 1], s);
        }
        Shape target = Shape.of(sizes);
        return target.equals(s) ? self() : apply(new Place(target, value, starts, steps));
    }

    /// Surrounds this with its own mirror image, the border itself not repeated: `c b | a b c d | c b`.
    /// Amounts as in [#pad], each smaller than the axis.
    default T padReflect(int... pad) {
        checkPad(shape(), pad);
        T y = self();
        for (int i = 0; i < pad.length; i += 2) {
            int a = shape().rank() - 1 - i / 2;
            int n = shape().size(a);
            if (pad[i] >= n || pad[i + 1] >= n) {
                throw new ShapeException("padReflect: the mirror image of axis " + a + " of shape " + shape()
                        + " reaches " + (n - 1) + " elements, got padding " + pad[i] + " and " + pad[i + 1]);
            }
            List<T> after = new ArrayList<>();
            after.add(y);
            after.add(y.slice(a, n - 1 - pad[i + 1], n - 1).flip(a));
            y = y.slice(a, 1, 1 + pad[i]).flip(a).concat(a, after);
        }
        return y;
    }

    private static void checkPad(Shape s, int... pad) {
        if (pad.length % 2 != 0 || pad.length / 2 > s.rank()) {
            throw new ShapeException("pad: two amounts for each axis, last axis first, for at most the "
                    + s.rank() + " axes of shape " + s + ", got " + Arrays.toString(pad));
        }
        for (int p : pad) {
            if (p < 0) {
                throw new ShapeException("pad: amounts must not be negative, got " + Arrays.toString(pad)
                        + "; use slice to cut");
            }
        }
    }

    /// This laid out several times along every axis; missing leading axes count as 1. A view where only axes
    /// of size 1 are repeated, otherwise a copy.
    ///
    /// @param times how often, one for each axis of the result
    default T repeat(int... times) {
        Shape s = shape();
        int lead = times.length - s.rank();
        if (lead < 0) {
            throw new ShapeException("repeat: at least " + s.rank() + " numbers are needed for shape " + s
                    + ", got " + Arrays.toString(times));
        }
        int[] thin = new int[2 * times.length]; // every axis with a new one of size 1 before it
        int[] wide = new int[2 * times.length];
        int[] sizes = new int[times.length];
        for (int a = 0; a < times.length; a++) {
            int size = a < lead ? 1 : s.size(a - lead);
            thin[2 * a] = 1;
            wide[2 * a] = times[a];
            thin[2 * a + 1] = size;
            wide[2 * a + 1] = size;
            sizes[a] = Shapes.size("repeat", (long) times[a] * size, s);
        }
        return self().reshape(Shape.of(thin)).expand(Shape.of(wide)).reshape(Shape.of(sizes));
    }

    /// Moves the elements along an axis; what leaves at one end comes in at the other.
    ///
    /// @param shift towards higher indices; may be negative or exceed the axis
    default T roll(int shift, int axis) {
        int n = shape().size(shape().axis("roll", axis));
        int k = n == 0 ? 0 : Math.floorMod(shift, n);
        T x = self();
        return k == 0 ? x : x.slice(axis, n - k, n).concat(axis, x.slice(axis, 0, n - k));
    }
}
