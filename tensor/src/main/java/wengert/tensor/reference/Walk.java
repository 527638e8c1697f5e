package wengert.tensor.reference;

import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Visits every index of a shape in row-major order and knows where that index stands in each of some views.
/// The shape may be smaller than a view along an axis: size 1 stays at that axis's first element.
final class Walk {
    private final int[] sizes;
    private final int[] index;
    private final int[][] strides;
    private final int[] at;
    private long left;
    private boolean started;

    Walk(Shape shape, View... views) {
        sizes = shape.toArray();
        index = new int[sizes.length];
        strides = new int[views.length][];
        at = new int[views.length];
        left = shape.elements();
        for (int v = 0; v < views.length; v++) {
            if (left > 0 && !covers(views[v].shape())) {
                throw new BackendException("reference kernel: expected a view of at least " + shape
                        + ", got " + views[v] + "; the operator above must check shapes first");
            }
            strides[v] = views[v].strides();
            at[v] = views[v].offset();
        }
    }

    private boolean covers(Shape view) {
        boolean fits = view.rank() == sizes.length;
        for (int a = 0; fits && a < sizes.length; a++) {
            fits = sizes[a] == 1 || view.size(a) >= sizes[a];
        }
        return fits;
    }

    /// Goes to the first, then to each next index.
    ///
    /// @return false after the last
    boolean next() {
        if (left == 0) {
            return false;
        }
        left--;
        if (!started) {
            started = true;
            return true;
        }
        for (int a = sizes.length - 1; a >= 0; a--) {
            boolean carry = ++index[a] == sizes[a];
            for (int v = 0; v < at.length; v++) {
                at[v] += carry ? strides[v][a] * (1 - sizes[a]) : strides[v][a];
            }
            if (!carry) {
                return true;
            }
            index[a] = 0;
        }
        return true;
    }

    /// Where the current index stands in the buffer of a view.
    ///
    /// @param view number of the view, in the order given
    int at(int view) {
        return at[view];
    }

    /// The current index, one number for each axis.
    int[] index() {
        return index.clone();
    }
}
