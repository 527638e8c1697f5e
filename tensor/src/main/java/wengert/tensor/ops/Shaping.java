package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Other arrangements of the same elements. All but [#contiguous] and a [#reshape] that strides do not allow
/// are views: they cost O(1) and share memory with this.
///
/// @param <T> the kind of value
public interface Shaping<T extends TensorOps<T>> extends Value<T> {
    /// The elements in row-major order under other sizes; one size may be −1 and is computed. A view where
    /// strides allow it, otherwise a copy.
    default T reshape(int... sizes) {
        return reshape(Shapes.complete(shape(), sizes));
    }

    /// The elements in row-major order under another shape.
    default T reshape(Shape target) {
        return target.equals(shape()) ? self() : apply(new Reshape(target));
    }

    /// Like [#reshape], but an error where a copy would be needed.
    default T view(int... sizes) {
        Shape target = Shapes.complete(shape(), sizes);
        if (view().reshape(target) == null) {
            throw new ShapeException("view: shape " + shape() + " with strides "
                    + Arrays.toString(view().strides()) + " cannot be seen as " + target
                    + " without a copy; use reshape");
        }
        return reshape(target);
    }

    /// Axes in another order: axis `i` of the result is axis `order[i]` of this.
    default T permute(int... order) {
        return apply(new Permute(order));
    }

    /// Two axes exchanged.
    default T transpose(int a, int b) {
        int[] order = new int[shape().rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        int first = shape().axis("transpose", a);
        int second = shape().axis("transpose", b);
        order[first] = second;
        order[second] = first;
        return permute(order);
    }

    /// Axes of size 1 and missing leading axes repeated; −1 keeps a size.
    default T expand(int... sizes) {
        int[] s = sizes.clone();
        int lead = s.length - shape().rank();
        for (int a = 0; a < s.length; a++) {
            if (s[a] == -1 && a >= lead) {
                s[a] = shape().size(a - lead);
            }
        }
        return expand(Shape.of(s));
    }

    /// Axes of size 1 and missing leading axes repeated.
    default T expand(Shape target) {
        return target.equals(shape()) ? self() : apply(new Expand(target));
    }

    /// Without the axes of size 1.
    default T squeeze() {
        int[] axes = new int[shape().rank()];
        int n = 0;
        for (int a = 0; a < axes.length; a++) {
            if (shape().size(a) == 1) {
                axes[n++] = a;
            }
        }
        return squeeze(Arrays.copyOf(axes, n));
    }

    /// Without these axes.
    ///
    /// @throws ShapeException if one of them has another size than 1
    default T squeeze(int... axes) {
        boolean[] marked = shape().mark("squeeze", axes);
        for (int axis : axes) {
            if (shape().size(axis) != 1) {
                throw new ShapeException("squeeze: axis " + axis + " of shape " + shape() + " has size "
                        + shape().size(axis) + ", only axes of size 1 can be dropped");
            }
        }
        return reshape(shape().reduced(marked, false));
    }

    /// With a new axis of size 1.
    ///
    /// @param axis where it stands in the result, from `-rank - 1` to `rank`
    default T unsqueeze(int axis) {
        int a = Shapes.newAxis("unsqueeze", shape(), axis);
        int[] sizes = new int[shape().rank() + 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i == a ? 1 : shape().size(i < a ? i : i - 1);
        }
        return reshape(Shape.of(sizes));
    }

    /// All axes as one.
    default T flatten() {
        return reshape(Shape.of(shape().length()));
    }

    /// Neighbouring axes as one: [N, C, H, W] with `flatten(1, -1)` is [N, C·H·W].
    ///
    /// @param from first of them
    /// @param to   last of them
    default T flatten(int from, int to) {
        int first = shape().axis("flatten", from);
        int last = shape().axis("flatten", to);
        if (first > last) {
            throw new ShapeException("flatten: axis " + from + " stands after axis " + to + " in shape "
                    + shape());
        }
        int[] sizes = new int[shape().rank() - (last - first)];
        long product = 1;
        for (int a = 0; a < shape().rank(); a++) {
            if (a < first || a > last) {
                sizes[a < first ? a : a - (last - first)] = shape().size(a);
            } else {
                product *= shape().size(a);
            }
        }
        sizes[first] = Shapes.size("flatten", product, shape());
        return reshape(Shape.of(sizes));
    }

    /// Row-major in memory: itself if it is already, otherwise a copy.
    default T contiguous() {
        return view().isContiguous() ? self() : copy();
    }

    /// The same numbers on another device; itself if it is there already. Gradients come back to this device.
    default T to(Device device) {
        return device.equals(device()) ? self() : apply(new Move(device(), device));
    }

    /// A copy in row-major order, with memory of its own.
    default T copy() {
        return apply(new Copy());
    }
}
