package wengert.tensor.ops;

import java.util.Arrays;
import wengert.tensor.spi.Shape;

/// Names for lists of axes.
public final class Axes {
    /// No axis at all: `x.sum(Axes.NONE)` is x, whereas `x.sum()` is over all axes.
    public static final int[] NONE = {};

    private Axes() {
    }

    /// Every axis of a shape of that rank.
    static int[] all(int rank) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    /// How many elements an operator folds into one.
    static long count(String op, Shape shape, int... axes) {
        boolean[] marked = shape.mark(op, axes);
        long n = 1;
        for (int a = 0; a < marked.length; a++) {
            n *= marked[a] ? shape.size(a) : 1;
        }
        return n;
    }
}
