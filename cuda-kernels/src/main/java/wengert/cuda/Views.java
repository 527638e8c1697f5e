package wengert.cuda;

import java.util.Arrays;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.View;

/// How kernels are told where the elements of views stand.
///
/// Views of one shape are walked together in row-major order. Axes that all of them step through evenly are
/// merged, those of size 1 dropped; what is left, outermost first, is the kernel's `struct Walk<V>`: the
/// rank, MOST_AXES sizes, then for each view MOST_AXES steps in elements.
final class Views {
    /// As in `views.cuh`.
    static final int MOST_AXES = 8;

    private Views() {
    }

    /// Puts the address of a view's first element into a launch.
    static Launch address(Launch launch, View v) {
        return launch.address(((Buffer) v.storage().data()).address(), (long) v.offset() * v.dtype().bytes());
    }

    /// The address of a view's first element, for calls of the driver and of libraries.
    static Address at(View v) {
        return ((Buffer) v.storage().data()).address().plus((long) v.offset() * v.dtype().bytes());
    }

    /// The address as a number, for tables of pointers.
    static long address(View v) {
        return ((Buffer) v.storage().data()).address().value() + (long) v.offset() * v.dtype().bytes();
    }

    /// The merged walk over views of one shape, the first being that of the result.
    ///
    /// @throws wengert.tensor.spi.BackendException if more than MOST_AXES axes are left, see [#split]
    static int[] walk(View... views) {
        int[][] merged = merge(views);
        int[] sizes = merged[0];
        if (sizes.length > MOST_AXES) {
            throw new BackendException("cuda: shape " + views[0].shape() + " has " + sizes.length
                    + " axes that do not merge, a kernel takes " + MOST_AXES + "; make operands contiguous");
        }
        int[] walk = new int[1 + MOST_AXES * (1 + views.length)];
        walk[0] = sizes.length;
        for (int part = 0; part < merged.length; part++) {
            System.arraycopy(merged[part], 0, walk, 1 + part * MOST_AXES, sizes.length);
        }
        return walk;
    }

    /// How many axes of views of one shape are left once merged.
    static int axes(View... views) {
        return merge(views)[0].length;
    }

    /// Sizes, then the steps of each view.
    private static int[][] merge(View... views) {
        int rank = views[0].shape().rank();
        int[] shape = views[0].shape().toArray();
        int[][] merged = new int[1 + views.length][rank];
        int[][] strides = new int[views.length][];
        for (int v = 0; v < views.length; v++) {
            strides[v] = views[v].strides();
        }
        int n = 0;
        for (int a = 0; a < rank; a++) {
            if (shape[a] == 1) {
                continue;
            }
            boolean even = n > 0;
            for (int v = 0; v < views.length && even; v++) {
                even = merged[1 + v][n - 1] == (long) strides[v][a] * shape[a];
            }
            if (even) {
                merged[0][n - 1] *= shape[a];
            } else {
                merged[0][n++] = shape[a];
            }
            for (int v = 0; v < views.length; v++) {
                merged[1 + v][n - 1] = strides[v][a];
            }
        }
        for (int part = 0; part < merged.length; part++) {
            merged[part] = Arrays.copyOf(merged[part], n);
        }
        return merged;
    }

    /// Work on views of one shape that a kernel can walk.
    interface Part {
        /// @param views the same views, of at most MOST_AXES axes once merged
        void run(View... views);
    }

    /// Runs something on views of one shape, index by index of outer axes where more than MOST_AXES are left.
    static void split(Part part, View... views) {
        if (views[0].shape().elements() == 0) {
            return;
        }
        if (axes(views) <= MOST_AXES) {
            part.run(views);
            return;
        }
        int axis = 0;
        while (views[0].shape().size(axis) == 1) {
            axis++;
        }
        for (int i = 0; i < views[0].shape().size(axis); i++) {
            View[] one = views.clone();
            for (int v = 0; v < one.length; v++) {
                one[v] = one[v].slice(axis, i, 1, 1);
            }
            split(part, one);
        }
    }

    /// True if views of one shape are contiguous, so that element i of each stands at i.
    static boolean contiguous(View... views) {
        for (View v : views) {
            if (!v.isContiguous()) {
                return false;
            }
        }
        return true;
    }
}
